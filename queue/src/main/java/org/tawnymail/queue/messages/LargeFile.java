package org.tawnymail.queue.messages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.DiskFile;
import org.tawnymail.queue.journal.NoRoom;

/**
 * A file of its own while it is being written. It does not use up the last room of the disk: how much is left is asked before
 * it begins, and then now and again.
 */
final class LargeFile {

    /** Asking costs 40 microseconds of CPU; a file of this size some milliseconds. */
    private static final long BETWEEN_LOOKS = 1 << 20;

    private final Disk disk;
    private final Path directory;
    private final Path path;
    private final long leftAlone;
    private final DiskFile file;
    private final CRC32C crc = new CRC32C();
    private long size;
    private long nextLook = BETWEEN_LOOKS;

    /**
     * @param leftAlone bytes of the disk that are not for it
     * @throws NoRoom if no more than those are left
     */
    LargeFile(Disk disk, Path directory, String name, long leftAlone) throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.path = directory.resolve(name);
        this.leftAlone = leftAlone;
        needRoom();
        this.file = disk.create(path);
    }

    long size() {
        return size;
    }

    int crc() {
        return (int) crc.getValue();
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        if (size >= nextLook) {
            nextLook = size + BETWEEN_LOOKS;
            needRoom();
        }
        crc.update(bytes, offset, length);
        file.write(ByteBuffer.wrap(bytes, offset, length), size);
        size += length;
    }

    private void needRoom() throws IOException {
        if (disk.room(directory) < leftAlone) {
            throw NoRoom.below(leftAlone);
        }
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
