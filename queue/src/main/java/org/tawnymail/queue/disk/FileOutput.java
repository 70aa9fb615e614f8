package org.tawnymail.queue.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Writes a file from its beginning; it is closed with the output. */
public final class FileOutput extends OutputStream {

    private final DiskFile file;
    private final boolean isForced;
    private long position;

    /** @param isForced whether the file is made durable before it is closed */
    public FileOutput(DiskFile file, boolean isForced) {
        this.file = file;
        this.isForced = isForced;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        file.write(ByteBuffer.wrap(bytes, offset, length), position);
        position += length;
    }

    @Override
    public void close() throws IOException {
        try (file) {
            if (isForced) {
                file.force();
            }
        }
    }
}
