package org.tawnymail.proof.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tawnymail.harness.LoopDisk;

/** A file that takes up room on a disk. */
final class Ballast {

    private static final int BLOCK = 64 << 10;

    private final LoopDisk disk;
    private final Path file;

    Ballast(LoopDisk disk) {
        this.disk = disk;
        this.file = disk.path().resolve("ballast");
    }

    /** Takes room until no more than so many bytes are left. */
    void leave(long bytes) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            long excess = disk.room() - bytes;
            while (excess > 0) {
                out.write(new byte[(int) Math.min(BLOCK, excess)]);
                excess = disk.room() - bytes;
            }
        } catch (IOException full) {
            if (bytes > 0) {
                throw full;
            }
        }
    }

    /** Gives the room back. */
    void remove() throws IOException {
        Files.deleteIfExists(file);
    }
}
