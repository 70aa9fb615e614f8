package org.tawnymail.base.cdb;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.FileSystemSync;

/**
 * Makes a constant database: records are {@linkplain #add added} to a temporary file, which {@link #finish} completes,
 * makes durable and renames to its place. Until then the old database is untouched; {@link #close} without {@code finish}
 * removes the temporary file.
 *
 * <p>The same records in the same order give the same octets, those of every other maker of the format. Memory: 8 octets a
 * record. For one thread.
 */
public final class CdbWriter implements Closeable {

    /** Positions have 32 bits. */
    private static final long LARGEST_FILE = 0xffff_ffffL;

    private static final int BUFFER_SIZE = 64 << 10;

    private final Path temporary;
    private final FileChannel channel;
    private final OutputStream out;
    private final ByteBuffer pair = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    private int[] hashes = new int[1024];
    private int[] positions = new int[1024];
    private int count;
    private long end = CdbHash.HEADER_SIZE;
    private boolean finished;

    private CdbWriter(Path temporary, FileChannel channel) throws IOException {
        this.temporary = temporary;
        this.channel = channel;
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_SIZE);
        out.write(new byte[CdbHash.HEADER_SIZE]);
    }

    /**
     * Begins a database.
     *
     * @param temporary the file to write to, on the file system of the later one; overwritten if it exists
     */
    public static CdbWriter create(Path temporary) throws IOException {
        return new CdbWriter(
                temporary,
                FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE));
    }

    /** Adds a record. A key may be empty, and may have been added before. */
    public void add(byte[] key, byte[] value) throws IOException {
        long size = CdbHash.RECORD_HEADER_SIZE + (long) key.length + value.length;
        long withTables = end + size + (count + 1L) * 2 * CdbHash.SLOT_SIZE;
        if (withTables > LARGEST_FILE) {
            throw new IOException(temporary + ": a database cannot be larger than 4 GB");
        }
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
            positions = Arrays.copyOf(positions, 2 * count);
        }
        hashes[count] = CdbHash.of(key);
        positions[count++] = (int) end;
        writePair(key.length, value.length);
        out.write(key);
        out.write(value);
        end += size;
    }

    /** Adds a record of ISO-8859-1 text. */
    public void add(String key, String value) throws IOException {
        add(Octets.of(key), Octets.of(value));
    }

    /** Completes the database and puts it in its place, durably. */
    public void finish(Path place) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(CdbHash.HEADER_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        int[] sizes = new int[CdbHash.TABLES];
        for (int i = 0; i < count; i++) {
            sizes[CdbHash.table(hashes[i])]++;
        }
        int[][] records = recordsByTable(sizes);
        for (int table = 0; table < CdbHash.TABLES; table++) {
            header.putInt((int) end).putInt(2 * sizes[table]);
            writeTable(records[table]);
        }
        out.flush();
        header.flip();
        while (header.hasRemaining()) {
            channel.write(header, header.position());
        }
        channel.force(true);
        channel.close();
        rename(place);
        finished = true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!finished) {
            Files.deleteIfExists(temporary);
        }
    }

    private void rename(Path place) throws IOException {
        try {
            Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(temporary + " and " + place + " are not on one file system", e);
        }
        FileSystemSync.syncDirectory(place.toAbsolutePath().resolveSibling(""));
    }

    private int[][] recordsByTable(int[] sizes) {
        int[][] records = new int[CdbHash.TABLES][];
        Arrays.setAll(records, table -> new int[sizes[table]]);
        int[] filled = new int[CdbHash.TABLES];
        for (int i = 0; i < count; i++) {
            int table = CdbHash.table(hashes[i]);
            records[table][filled[table]++] = i;
        }
        return records;
    }

    /** Twice as many slots as records; each record in the first free slot from where its search begins. */
    private void writeTable(int[] records) throws IOException {
        int slots = 2 * records.length;
        int[] recordAt = new int[slots];
        Arrays.fill(recordAt, -1);
        for (int record : records) {
            int slot = (int) CdbHash.firstSlot(hashes[record], slots);
            while (recordAt[slot] >= 0) {
                slot = slot + 1 == slots ? 0 : slot + 1;
            }
            recordAt[slot] = record;
        }
        for (int record : recordAt) {
            writePair(record < 0 ? 0 : hashes[record], record < 0 ? 0 : positions[record]);
        }
        end += (long) slots * CdbHash.SLOT_SIZE;
    }

    private void writePair(int first, int second) throws IOException {
        out.write(pair.clear().putInt(first).putInt(second).array());
    }
}
