package org.tawnymail.queue.journal;

/**
 * A record as it was read back. It is a view of the reader's buffer: good only until the reader goes on. Of an accepted
 * record only the head need be there.
 */
public final class JournalRecord {

    private final long place;
    private final byte[] bytes;
    private final int offset;
    private final int length;

    JournalRecord(long place, byte[] bytes, int offset, int length) {
        this.place = place;
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    /** Where it lies: see {@link Place}. */
    public long place() {
        return place;
    }

    /** The length of the whole record. */
    public int length() {
        return length;
    }

    public byte type() {
        return byteAt(RecordFormat.TYPE);
    }

    public long message() {
        return longAt(RecordFormat.MESSAGE);
    }

    /** The number at an offset from the record's beginning. */
    public int intAt(int at) {
        return RecordFormat.getInt(bytes, offset + at);
    }

    /** The number at an offset from the record's beginning. */
    public long longAt(int at) {
        return RecordFormat.getLong(bytes, offset + at);
    }

    /** The byte at an offset from the record's beginning. */
    public byte byteAt(int at) {
        return bytes[offset + at];
    }

    int offset() {
        return offset;
    }
}
