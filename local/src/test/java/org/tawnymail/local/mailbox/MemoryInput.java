package org.tawnymail.local.mailbox;

import java.io.IOException;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.SeekableInput;

/** A message in memory, as the queue would open it. */
public final class MemoryInput extends SeekableInput {

    private final byte[] bytes;
    private final int breaksAt;
    private int position;

    public MemoryInput(String text) {
        this(Octets.of(text), Integer.MAX_VALUE);
    }

    MemoryInput(byte[] bytes, int breaksAt) {
        this.bytes = bytes;
        this.breaksAt = breaksAt;
    }

    public static MessageSource message(String text) {
        return new MessageSource() {
            @Override
            public long size() {
                return text.length();
            }

            @Override
            public SeekableInput open() {
                return new MemoryInput(text);
            }
        };
    }

    public static MessageBytes bytes(String text) {
        try {
            return MessageBytes.of(new MemoryInput(text));
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public void rewind() {
        position = 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (position >= breaksAt) {
            throw new IOException("Input/output error");
        }
        if (position == bytes.length) {
            return -1;
        }
        int count = Math.min(length, Math.min(breaksAt, bytes.length) - position);
        System.arraycopy(bytes, position, to, offset, count);
        position += count;
        return count;
    }
}
