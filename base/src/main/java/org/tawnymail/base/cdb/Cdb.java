package org.tawnymail.base.cdb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Octets;

/**
 * One constant database, as it was when it was opened: a file renamed over it later does not show here.
 *
 * <p>The file is mapped into memory, so that a look-up is a few memory accesses, and is unmapped when this object is
 * forgotten. Whatever the file holds, a look-up ends, with {@link CdbDamaged} if the file is not what it should be. For
 * use by any number of threads.
 */
public final class Cdb {

    /** The longest value: a larger length is a damaged file. Values of qmail's databases are some hundred octets long. */
    private static final int LONGEST_VALUE = 64 << 20;

    private static final ValueLayout.OfInt UINT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** What is done with each record. */
    @FunctionalInterface
    public interface Visitor {
        void visit(byte[] key, byte[] value) throws IOException;
    }

    private interface Reading<T> {
        T run() throws CdbDamaged;
    }

    private final Path file;
    private final MemorySegment octets;

    private Cdb(Path file, MemorySegment octets) {
        this.file = file;
        this.octets = octets;
    }

    /**
     * Opens a database.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws CdbDamaged if the file is too short to be one
     */
    public static Cdb open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < CdbHash.HEADER_SIZE) {
                throw new CdbDamaged(file, "it has only " + size + " octets");
            }
            return new Cdb(file, channel.map(MapMode.READ_ONLY, 0, size, Arena.ofAuto()));
        }
    }

    /** The value of a key: of several, the one that was put in first. */
    public Optional<byte[]> get(byte[] key) throws CdbDamaged {
        List<byte[]> found = find(key, 1);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    /** The value of a key, both ISO-8859-1. */
    public Optional<String> get(String key) throws CdbDamaged {
        return get(Octets.of(key)).map(Octets::text);
    }

    public boolean contains(String key) throws CdbDamaged {
        return !find(Octets.of(key), 1).isEmpty();
    }

    /** All values of a key, in the order in which they were put in. */
    public List<byte[]> all(byte[] key) throws CdbDamaged {
        return find(key, Integer.MAX_VALUE);
    }

    /** Goes through all records, in the order in which they were put in. */
    public void forEach(Visitor visitor) throws IOException {
        long end = guarded(this::endOfRecords);
        long next = CdbHash.HEADER_SIZE;
        while (next < end) {
            long position = next;
            byte[] key = guarded(() -> key(position));
            byte[] value = guarded(() -> value(position));
            visitor.visit(key, value);
            next += CdbHash.RECORD_HEADER_SIZE + (long) key.length + value.length;
        }
    }

    private List<byte[]> find(byte[] key, int most) throws CdbDamaged {
        return guarded(() -> {
            List<byte[]> found = new ArrayList<>(1);
            int hash = CdbHash.of(key);
            long table = uint32(CdbHash.table(hash) * 8L);
            long slots = uint32(CdbHash.table(hash) * 8L + 4);
            if (slots == 0) {
                return found;
            }
            requireInside(table, slots * CdbHash.SLOT_SIZE, "a table");
            long slot = CdbHash.firstSlot(hash, slots);
            for (long seen = 0; seen < slots && found.size() < most; seen++) {
                long at = table + slot * CdbHash.SLOT_SIZE;
                long record = uint32(at + 4);
                if (record == 0) {
                    break;
                }
                if (octets.get(UINT32, at) == hash && hasKey(record, key)) {
                    found.add(value(record));
                }
                slot = slot + 1 == slots ? 0 : slot + 1;
            }
            return found;
        });
    }

    private boolean hasKey(long record, byte[] key) throws CdbDamaged {
        requireInside(record, CdbHash.RECORD_HEADER_SIZE, "a record");
        if (uint32(record) != key.length) {
            return false;
        }
        requireInside(record + CdbHash.RECORD_HEADER_SIZE, key.length, "a key");
        for (int i = 0; i < key.length; i++) {
            if (octets.get(JAVA_BYTE, record + CdbHash.RECORD_HEADER_SIZE + i) != key[i]) {
                return false;
            }
        }
        return true;
    }

    private byte[] key(long record) throws CdbDamaged {
        requireInside(record, CdbHash.RECORD_HEADER_SIZE, "a record");
        return copy(record + CdbHash.RECORD_HEADER_SIZE, uint32(record), "a key");
    }

    private byte[] value(long record) throws CdbDamaged {
        requireInside(record, CdbHash.RECORD_HEADER_SIZE, "a record");
        return copy(record + CdbHash.RECORD_HEADER_SIZE + uint32(record), uint32(record + 4), "a value");
    }

    private byte[] copy(long position, long length, String what) throws CdbDamaged {
        requireInside(position, length, what);
        if (length > LONGEST_VALUE) {
            throw new CdbDamaged(file, what + " of " + length + " octets");
        }
        byte[] copy = new byte[(int) length];
        MemorySegment.copy(octets, JAVA_BYTE, position, copy, 0, copy.length);
        return copy;
    }

    /** The first table follows the last record. Where an empty one stands, not all makers of the format agree. */
    private long endOfRecords() throws CdbDamaged {
        long end = Long.MAX_VALUE;
        for (int table = 0; table < CdbHash.TABLES; table++) {
            if (uint32(table * 8L + 4) > 0) {
                end = Math.min(end, uint32(table * 8L));
            }
        }
        if (end == Long.MAX_VALUE) {
            return CdbHash.HEADER_SIZE;
        }
        if (end < CdbHash.HEADER_SIZE) {
            throw new CdbDamaged(file, "a table inside the header");
        }
        return end;
    }

    private long uint32(long position) {
        return Integer.toUnsignedLong(octets.get(UINT32, position));
    }

    private void requireInside(long position, long length, String what) throws CdbDamaged {
        if (position > octets.byteSize() - length) {
            throw new CdbDamaged(file, what + " at " + position + " reaches beyond the end");
        }
    }

    /** A file that is cut off while it is mapped makes the JDK throw; that too is a damaged file and no defect of ours. */
    private <T> T guarded(Reading<T> reading) throws CdbDamaged {
        try {
            return reading.run();
        } catch (InternalError cutOff) {
            throw new CdbDamaged(file, "it became shorter while it was read");
        }
    }
}
