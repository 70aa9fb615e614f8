package org.tawnymail.queue.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The first bytes of a segment.
 *
 * <pre>
 *   0              8           16     24       28
 *   | "TAWNYJ1\n" | segment # | salt | crc32c | zero |
 *   32                     36       40                 44       48                64
 *   | where records end   | crc32c | bytes of the file | crc32c | zeros           | records ...
 * </pre>
 *
 * <p>The first checksum covers the 24 bytes before it; the others salt (8 bytes), segment number (4) and what stands before
 * them (4). The second line is the seal, zero at first: it is written when nothing will be added any more and all is durable.
 * The bytes of the file are those that it was made with: a shorter one was cut. (Segments of the first versions do not say.)
 */
final class SegmentHeader {

    static final int LENGTH = 64;

    /** Where the seal stands. */
    static final int SEAL = 32;

    private static final byte[] MAGIC = {'T', 'A', 'W', 'N', 'Y', 'J', '1', '\n'};
    private static final int NUMBER = 8;
    private static final int SALT = 16;
    private static final int CRC = 24;
    private static final int FIRST_ZEROS = 28;
    private static final int MADE = 40;
    private static final int LAST_ZEROS = 48;

    /** A number of the second half of the header, as it was read. */
    enum Field {
        ABSENT,
        WHOLE,
        DAMAGED
    }

    private final byte[] bytes;

    /** @param bytes {@value #LENGTH} of them, zeros where the file has none */
    SegmentHeader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The header of a new segment. */
    static ByteBuffer of(int number, long salt, int bytesOfFile) {
        byte[] header = new byte[LENGTH];
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        RecordFormat.putLong(header, NUMBER, number);
        RecordFormat.putLong(header, SALT, salt);
        RecordFormat.putInt(header, CRC, RecordFormat.crc(header, 0, CRC));
        System.arraycopy(checked(salt, number, bytesOfFile), 0, header, MADE, 8);
        return ByteBuffer.wrap(header);
    }

    /** The seal of a segment: 8 bytes. */
    static byte[] seal(long salt, int number, int end) {
        return checked(salt, number, end);
    }

    private static byte[] checked(long salt, int number, int value) {
        byte[] checked = new byte[8];
        RecordFormat.putInt(checked, 0, value);
        RecordFormat.putInt(checked, 4, crc(salt, number, value));
        return checked;
    }

    private static int crc(long salt, int number, int value) {
        byte[] covered = new byte[16];
        RecordFormat.putLong(covered, 0, salt);
        RecordFormat.putInt(covered, 8, number);
        RecordFormat.putInt(covered, 12, value);
        return RecordFormat.crc(covered, 0, covered.length);
    }

    /** Whether number and salt can be trusted. */
    boolean isWhole() {
        return RecordFormat.getInt(bytes, CRC) == RecordFormat.crc(bytes, 0, CRC)
                && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    long salt() {
        return RecordFormat.getLong(bytes, SALT);
    }

    long number() {
        return RecordFormat.getLong(bytes, NUMBER);
    }

    /** Whether nothing stands where nothing is ever written. */
    boolean isBlankBetween() {
        return isZero(FIRST_ZEROS, SEAL) && isZero(LAST_ZEROS, LENGTH);
    }

    /** Where the records end, if {@link #isSealed} says so. */
    int end() {
        return RecordFormat.getInt(bytes, SEAL);
    }

    Field isSealed(long salt, int number) {
        Field seal = field(SEAL, salt, number);
        return seal == Field.WHOLE && end() < LENGTH ? Field.DAMAGED : seal;
    }

    /** How long the file was made, if {@link #isLengthKnown} says so. */
    int bytesOfFile() {
        return RecordFormat.getInt(bytes, MADE);
    }

    Field isLengthKnown(long salt, int number) {
        return field(MADE, salt, number);
    }

    private Field field(int at, long salt, int number) {
        if (isZero(at, at + 8)) {
            return Field.ABSENT;
        }
        int value = RecordFormat.getInt(bytes, at);
        return RecordFormat.getInt(bytes, at + 4) == crc(salt, number, value) ? Field.WHOLE : Field.DAMAGED;
    }

    private boolean isZero(int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
