package org.tawnymail.queue.messages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.DiskFile;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * The file {@code queue/adopted}: it is there while an old queue is being drained, and says which of its messages may be
 * here and there at once. Those are the adopted messages in the journal from a number on, and, because they may be finished
 * before the draining goes on, the ones that are listed here: each start of the queue adds them.
 *
 * <pre>
 *   0              8              16      20
 *   | "TAWNYA1\n"  | first number | count | ( number there (8), modified (8), size (8) ) ... | crc32c of all before (4) |
 * </pre>
 *
 * <p>It is never changed in place.
 */
final class AdoptionNote {

    private static final long MAGIC = 0x5441574e5941310aL;
    private static final int HEAD = 20;
    private static final int ENTRY = 24;

    /** A batch has a thousand; a larger file is damaged. */
    private static final long MOST_BYTES = 64L << 20;

    private final Disk disk;
    private final Path queue;
    private final Path file;

    /**
     * What it says.
     *
     * @param first the lowest number of a message here whose old files may be there still
     * @param listed those that were found at starts
     */
    record Content(long first, Set<Provenance> listed) {}

    AdoptionNote(Disk disk, Path queue) {
        this.disk = disk;
        this.queue = queue;
        this.file = queue.resolve("adopted");
    }

    boolean exists() throws IOException {
        return disk.facts(file).isPresent();
    }

    /** @throws IOException if it cannot be read or is damaged */
    Content read() throws IOException {
        byte[] bytes;
        try (DiskFile opened = disk.read(file)) {
            if (opened.size() > MOST_BYTES) {
                throw new IOException(file + " is damaged");
            }
            bytes = new byte[(int) opened.size()];
            opened.read(bytes, 0, bytes.length, 0);
        }
        int end = bytes.length - Integer.BYTES;
        boolean whole = end >= HEAD
                && RecordFormat.getLong(bytes, 0) == MAGIC
                && RecordFormat.getInt(bytes, end) == RecordFormat.crc(bytes, 0, end)
                && (long) RecordFormat.getInt(bytes, 16) * ENTRY == end - HEAD;
        if (!whole) {
            throw new IOException(file + " is damaged");
        }
        Set<Provenance> listed = new HashSet<>();
        for (int at = HEAD; at < end; at += ENTRY) {
            listed.add(new Provenance(
                    RecordFormat.getLong(bytes, at),
                    RecordFormat.getLong(bytes, at + 8),
                    RecordFormat.getLong(bytes, at + 16)));
        }
        return new Content(RecordFormat.getLong(bytes, 8), listed);
    }

    /** Writes it anew, durably. */
    void store(long first, Set<Provenance> listed) throws IOException {
        byte[] bytes = new byte[HEAD + listed.size() * ENTRY + Integer.BYTES];
        RecordFormat.putLong(bytes, 0, MAGIC);
        RecordFormat.putLong(bytes, 8, first);
        RecordFormat.putInt(bytes, 16, listed.size());
        int at = HEAD;
        for (Provenance one : listed) {
            RecordFormat.putLong(bytes, at, one.number());
            RecordFormat.putLong(bytes, at + 8, one.modified());
            RecordFormat.putLong(bytes, at + 16, one.size());
            at += ENTRY;
        }
        RecordFormat.putInt(bytes, at, RecordFormat.crc(bytes, 0, at));
        Path fresh = queue.resolve("adopted.new");
        try (DiskFile created = disk.create(fresh)) {
            created.write(ByteBuffer.wrap(bytes), 0);
            created.force();
        }
        disk.rename(fresh, file);
        disk.forceDirectory(queue);
    }

    void remove() throws IOException {
        disk.delete(file);
        disk.forceDirectory(queue);
    }
}
