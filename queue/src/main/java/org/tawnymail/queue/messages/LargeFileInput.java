package org.tawnymail.queue.messages;

import java.io.IOException;
import java.util.zip.CRC32C;
import org.tawnymail.base.program.OpenFile;
import org.tawnymail.base.program.SeekableInput;

/**
 * Reads a file of its own. Its checksum is compared before the last part is handed out, so a reader of a damaged file never
 * comes to the end. (A child process that is handed the open file itself reads it unchecked.)
 */
class LargeFileInput extends SeekableInput {

    /** One whose file can be handed to a child process as it is. */
    private static final class Open extends LargeFileInput implements OpenFile {

        private final OpenFile file;

        Open(SeekableInput in, OpenFile file, long message, long size, int expected) {
            super(in, message, size, expected);
            this.file = file;
        }

        @Override
        public int fileNumber() {
            return file.fileNumber();
        }
    }

    private final SeekableInput in;
    private final long message;
    private final long size;
    private final int expected;
    private final CRC32C crc = new CRC32C();
    private long position;

    private LargeFileInput(SeekableInput in, long message, long size, int expected) {
        this.in = in;
        this.message = message;
        this.size = size;
        this.expected = expected;
    }

    static SeekableInput of(SeekableInput in, long message, long size, int expected) {
        return in instanceof OpenFile file
                ? new Open(in, file, message, size, expected)
                : new LargeFileInput(in, message, size, expected);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == size) {
            return -1;
        }
        int got = in.read(into, offset, (int) Math.min(length, size - position));
        if (got < 0) {
            throw new IOException("the file of message " + message + " is too short");
        }
        crc.update(into, offset, got);
        position += got;
        if (position == size && (int) crc.getValue() != expected) {
            throw new IOException("the file of message " + message + " is damaged");
        }
        return got;
    }

    @Override
    public void rewind() throws IOException {
        in.rewind();
        position = 0;
        crc.reset();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
