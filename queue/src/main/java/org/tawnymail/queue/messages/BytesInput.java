package org.tawnymail.queue.messages;

import java.util.Objects;
import org.tawnymail.base.program.SeekableInput;

/** Reads a part of an array that nobody changes. */
final class BytesInput extends SeekableInput {

    private final byte[] bytes;
    private final int start;
    private final int end;
    private int position;

    BytesInput(byte[] bytes, int start, int length) {
        this.bytes = bytes;
        this.start = start;
        this.end = start + length;
        this.position = start;
    }

    @Override
    public int read() {
        return position < end ? bytes[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (position == end) {
            return -1;
        }
        int count = Math.min(length, end - position);
        System.arraycopy(bytes, position, into, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return end - position;
    }

    @Override
    public void rewind() {
        position = start;
    }
}
