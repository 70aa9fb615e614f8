package org.tawnymail.queue.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * One journal record. Numbers are big-endian; doc/queue-format.md draws the payloads.
 *
 * <pre>
 *   0        4        8      9            17
 *   | length | crc32c | type | message id | payload ... |
 * </pre>
 *
 * <p>The length is that of the whole record. The checksum covers, in this order: the secret salt of the queue (8 bytes),
 * the number of the segment (4), the offset of the record in it (4), the length (4), and what follows the checksum up to
 * the end of the record's head. None of the first three is stored: a record holds only where it was written, so neither
 * what a recycled segment held before, nor bytes of a mail that look like a record, are ever taken for one.
 *
 * <p>The head is the whole record, except in an {@linkplain #ACCEPTED accepted} one, whose head ends at {@link #BODY}:
 *
 * <pre>
 *   17      25    29           33     41                45        46         50             54
 *   | birth | uid | recipients | size | envelope length | storage | body crc | envelope crc | body | envelope |
 * </pre>
 *
 * <p>Body and envelope have checksums of their own, so a start reads heads only.
 */
public final class RecordFormat {

    static final int LENGTH = 0;
    static final int CRC = 4;
    public static final int TYPE = 8;
    public static final int MESSAGE = 9;
    public static final int PAYLOAD = 17;

    /** Milliseconds since 1970 at which the message was accepted: 8 bytes. */
    public static final int BIRTH = PAYLOAD;

    /** The user id of the submitter: 4 bytes. */
    public static final int UID = BIRTH + 8;

    /** How many recipients: 4 bytes. */
    public static final int RECIPIENTS = UID + 4;

    /** Bytes of the message: 8 bytes. */
    public static final int SIZE = RECIPIENTS + 4;

    /** Bytes of the envelope part of this record: 4 bytes. */
    public static final int ENVELOPE_LENGTH = SIZE + 8;

    /** Where the parts lie and of what kind they are, one byte of bits: {@link #LARGE_BODY} and so on. */
    public static final int STORAGE = ENVELOPE_LENGTH + 4;

    /** The checksum of the message's bytes, wherever they are: 4 bytes. */
    public static final int BODY_CRC = STORAGE + 1;

    /** The checksum of the envelope part of this record: 4 bytes. */
    public static final int ENVELOPE_CRC = BODY_CRC + 4;

    /** The message's bytes, if they are here, and then the envelope. */
    public static final int BODY = ENVELOPE_CRC + 4;

    /** The message is in a file of its own. */
    public static final int LARGE_BODY = 1;

    /** The recipients are in a file of their own. */
    public static final int LARGE_ENVELOPE = 2;

    /** The message comes from an old qmail queue: its origin stands behind the sender. */
    public static final int ADOPTED = 4;

    /** It was routed there: the recipients have channels and marks, and bounce text may follow them. */
    public static final int ADOPTED_ROUTED = 8;

    public static final byte ACCEPTED = 1;
    public static final byte ROUTED = 2;
    public static final byte DONE = 3;
    public static final byte DONE_MANY = 4;
    public static final byte BOUNCE = 5;
    public static final byte BOUNCE_SENT = 6;
    public static final byte DUE = 7;
    public static final byte FINISHED = 8;

    /** Of no message: all of this segment before the offset in the payload (4 bytes) is durable. */
    static final byte FORCED = 9;

    /** Recipients who are done because they failed, each with the piece of bounce text that says so. */
    public static final byte FAILED = 10;

    /** Of no message: the numbers of all segments that there were when it was written. */
    static final byte SEGMENTS = 11;

    private static final int LAST_TYPE = SEGMENTS;

    static final int FORCED_LENGTH = PAYLOAD + 4;

    /** No record is longer. */
    public static final int LONGEST = 256 << 10;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    public static int getInt(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset);
    }

    public static long getLong(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }

    public static void putInt(byte[] bytes, int offset, int value) {
        INT.set(bytes, offset, value);
    }

    public static void putLong(byte[] bytes, int offset, long value) {
        LONG.set(bytes, offset, value);
    }

    /** Begins a record: type and message; the array is at least {@link #PAYLOAD} long. */
    public static void begin(byte[] record, byte type, long message) {
        record[TYPE] = type;
        putLong(record, MESSAGE, message);
    }

    /** The checksum of some bytes by themselves: of a body or an envelope. */
    public static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /**
     * Whether body and envelope of an accepted record agree with their lengths and checksums; a body in a file of its own is
     * not looked at.
     */
    static boolean contentHolds(byte[] bytes, int offset, int length) {
        long bodyLength = (bytes[offset + STORAGE] & LARGE_BODY) != 0 ? 0 : getLong(bytes, offset + SIZE);
        int envelopeLength = getInt(bytes, offset + ENVELOPE_LENGTH);
        if (bodyLength < 0 || envelopeLength < 0 || BODY + bodyLength + envelopeLength != length) {
            return false;
        }
        int body = offset + BODY;
        int envelope = body + (int) bodyLength;
        boolean here = (bytes[offset + STORAGE] & LARGE_BODY) == 0;
        return (!here || crc(bytes, body, (int) bodyLength) == getInt(bytes, offset + BODY_CRC))
                && crc(bytes, envelope, envelopeLength) == getInt(bytes, offset + ENVELOPE_CRC);
    }

    /** Whether the bytes at an offset can be the beginning of a record at all. Needs {@link #PAYLOAD} of them. */
    static boolean isPlausible(byte[] bytes, int offset) {
        int type = bytes[offset + TYPE];
        if (type <= 0 || type > LAST_TYPE) {
            return false;
        }
        int length = getInt(bytes, offset + LENGTH);
        return length <= LONGEST && length >= shortest(type);
    }

    private static int shortest(int type) {
        return switch (type) {
            case ACCEPTED -> BODY;
            case FORCED -> FORCED_LENGTH;
            default -> PAYLOAD;
        };
    }

    /** Where the head of a record ends: how much of it {@link Seal} covers. */
    static int headLength(byte[] bytes, int offset) {
        return bytes[offset + TYPE] == ACCEPTED ? BODY : getInt(bytes, offset + LENGTH);
    }

    /** Puts length and checksum into records and checks them. Used by one thread at a time. */
    static final class Seal {

        private final CRC32C crc = new CRC32C();
        private final byte[] place = new byte[16];

        Seal(long salt) {
            putLong(place, 0, salt);
        }

        /** Completes a record that is about to be written at a place. */
        void close(byte[] record, int length, int segment, int offset) {
            putInt(record, LENGTH, length);
            putInt(record, CRC, compute(record, 0, segment, offset));
        }

        /** Whether the head of the record at {@code at} in the array is whole and belongs to the place. */
        boolean holds(byte[] bytes, int at, int segment, int offset) {
            return getInt(bytes, at + CRC) == compute(bytes, at, segment, offset);
        }

        private int compute(byte[] bytes, int at, int segment, int offset) {
            putInt(place, 8, segment);
            putInt(place, 12, offset);
            crc.reset();
            crc.update(place, 0, place.length);
            crc.update(bytes, at + LENGTH, 4);
            crc.update(bytes, at + TYPE, headLength(bytes, at) - TYPE);
            return (int) crc.getValue();
        }
    }

    private RecordFormat() {}
}
