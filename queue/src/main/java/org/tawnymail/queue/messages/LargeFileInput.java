package org.tawnymail.queue.messages;

import java.io.IOException;
import java.util.zip.CRC32C;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.queue.disk.DiskFile;

/**
 * Reads a file of its own. Its checksum is compared before the last part is handed out, so a reader of a damaged file never
 * comes to the end.
 */
final class LargeFileInput extends SeekableInput {

    private final DiskFile file;
    private final long message;
    private final long size;
    private final int expected;
    private final CRC32C crc = new CRC32C();
    private final byte[] one = new byte[1];
    private long position;

    LargeFileInput(DiskFile file, long message, long size, int expected) {
        this.file = file;
        this.message = message;
        this.size = size;
        this.expected = expected;
    }

    @Override
    public int read() throws IOException {
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
        int wanted = (int) Math.min(length, size - position);
        int got = file.read(into, offset, wanted, position);
        if (got < wanted) {
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
    public void rewind() {
        position = 0;
        crc.reset();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
