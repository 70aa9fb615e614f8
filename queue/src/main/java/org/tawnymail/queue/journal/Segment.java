package org.tawnymail.queue.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.tawnymail.queue.disk.DiskFile;

/**
 * One file of the journal. Its first bytes say whose it is; the records follow without gaps.
 *
 * <pre>
 *   0              8           16     24       28
 *   | "TAWNYJ1\n" | segment # | salt | crc32c | zero |
 *   32                     36       40                     64
 *   | where records end   | crc32c | zeros                | records ...
 * </pre>
 *
 * <p>The number in the header is a check only: the file's name counts. The second line is the seal, zero at first: it is
 * written when nothing will be added any more and all is durable. Its checksum covers salt, segment number and end.
 */
final class Segment {

    /** Where the first record begins. */
    static final int FIRST_RECORD = 64;

    private static final byte[] MAGIC = {'T', 'A', 'W', 'N', 'Y', 'J', '1', '\n'};
    private static final int NUMBER = 8;
    private static final int SALT = 16;
    private static final int HEADER_CRC = 24;
    private static final int SEAL = 32;
    private static final int SEAL_LENGTH = 8;

    private final int number;
    private final Path path;
    private final DiskFile file;
    private final int capacity;

    // Who reads holds it; it is closed when the last one lets go after it was retired.
    private int holders = 1;

    /** Where records end; for the active segment, where the next one goes. */
    private volatile int end = FIRST_RECORD;

    private volatile boolean sealed;
    private volatile boolean suspect;
    private volatile boolean damaged;

    Segment(int number, Path path, DiskFile file, int capacity) {
        this.number = number;
        this.path = path;
        this.file = file;
        this.capacity = capacity;
    }

    int number() {
        return number;
    }

    Path path() {
        return path;
    }

    DiskFile file() {
        return file;
    }

    /** Bytes that were prepared for it. */
    int capacity() {
        return capacity;
    }

    int end() {
        return end;
    }

    void end(int offset) {
        end = offset;
    }

    /** Nothing is added any more, and all before {@link #end} was durable. */
    boolean isSealed() {
        return sealed;
    }

    /** Seals it at its present end. All before must be durable. */
    void seal(long salt) throws IOException {
        byte[] seal = new byte[SEAL_LENGTH];
        RecordFormat.putInt(seal, 0, end);
        RecordFormat.putInt(seal, 4, sealCrc(salt, end));
        file.write(ByteBuffer.wrap(seal), SEAL);
        file.force();
        sealed = true;
    }

    /** Takes the seal from a header that was read, if there is one that holds. */
    void readSeal(byte[] header, long salt) {
        int itsEnd = RecordFormat.getInt(header, SEAL);
        if (itsEnd >= FIRST_RECORD && RecordFormat.getInt(header, SEAL + 4) == sealCrc(salt, itsEnd)) {
            end = itsEnd;
            sealed = true;
        }
    }

    private int sealCrc(long salt, int itsEnd) {
        byte[] checked = new byte[16];
        RecordFormat.putLong(checked, 0, salt);
        RecordFormat.putInt(checked, 8, number);
        RecordFormat.putInt(checked, 12, itsEnd);
        return RecordFormat.crc(checked, 0, checked.length);
    }

    /** Something in it did not hold; its living records are to be written elsewhere. */
    boolean isSuspect() {
        return suspect;
    }

    void suspect() {
        suspect = true;
    }

    /** Something in it that had been durable does not hold: kept for the operator, never written over. */
    boolean isDamaged() {
        return damaged;
    }

    void damaged() {
        damaged = true;
        suspect = true;
    }

    /** Keeps the file open and its bytes as they are, unless it was retired. */
    synchronized boolean hold() {
        if (holders == 0) {
            return false;
        }
        holders++;
        return true;
    }

    synchronized void release() {
        if (--holders == 0) {
            notifyAll();
        }
    }

    /** Gives up the first hold and waits for all readers, who are about to finish a single read. */
    synchronized void retire() {
        boolean interrupted = false;
        holders--;
        while (holders > 0) {
            try {
                wait();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void close() throws IOException {
        file.close();
    }

    static ByteBuffer header(int number, long salt) {
        byte[] header = new byte[FIRST_RECORD];
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        RecordFormat.putLong(header, NUMBER, number);
        RecordFormat.putLong(header, SALT, salt);
        RecordFormat.putInt(header, HEADER_CRC, RecordFormat.crc(header, 0, HEADER_CRC));
        return ByteBuffer.wrap(header);
    }

    /** Whether these bytes are a header that is whole. */
    static boolean isHeader(byte[] header) {
        return RecordFormat.getInt(header, HEADER_CRC) == RecordFormat.crc(header, 0, HEADER_CRC)
                && Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    static long saltOf(byte[] header) {
        return RecordFormat.getLong(header, SALT);
    }

    static long numberOf(byte[] header) {
        return RecordFormat.getLong(header, NUMBER);
    }
}
