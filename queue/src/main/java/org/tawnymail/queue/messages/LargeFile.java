package org.tawnymail.queue.messages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.DiskFile;

/** A file of its own while it is being written. */
final class LargeFile {

    private final Disk disk;
    private final Path path;
    private final DiskFile file;
    private final CRC32C crc = new CRC32C();
    private long size;

    LargeFile(Disk disk, Path path) throws IOException {
        this.disk = disk;
        this.path = path;
        this.file = disk.create(path);
    }

    long size() {
        return size;
    }

    int crc() {
        return (int) crc.getValue();
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        crc.update(bytes, offset, length);
        file.write(ByteBuffer.wrap(bytes, offset, length), size);
        size += length;
    }

    /** Makes its content durable and closes it. */
    void complete() throws IOException {
        file.force();
        file.close();
    }

    /** Closes and removes it; what cannot be removed is removed as a leftover at the next start. */
    void abandon() {
        try {
            file.close();
            disk.delete(path);
        } catch (IOException e) {
            // See above: no record speaks of it.
        }
    }
}
