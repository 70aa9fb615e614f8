package org.tawnymail.remote.qmqp;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.posix.OpenFileInput;
import org.tawnymail.base.posix.ScratchFile;

/**
 * Octets that are kept until they are wanted: in memory as long as they are few, then in a file without a name, so that memory
 * does not grow with them. Written first, then read once.
 */
final class Spool extends OutputStream implements Closeable {

    /** Most mail fits. */
    static final int MOST_IN_MEMORY = 128 * 1024;

    private static final int FIRST_BUFFER = 4096;

    private final Path directory;
    private byte[] buffer = new byte[FIRST_BUFFER];
    private int buffered;
    private long size;
    private @Nullable ScratchFile file;

    /** @param directory where the file is made if there must be one */
    Spool(Path directory) {
        this.directory = directory;
    }

    /** How many octets there are. */
    long size() {
        return size;
    }

    @Override
    public void write(int octet) throws IOException {
        if (buffered == buffer.length) {
            makeRoom();
        }
        buffer[buffered++] = (byte) octet;
        size++;
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (buffered == buffer.length) {
                makeRoom();
            }
            int piece = Math.min(left, buffer.length - buffered);
            System.arraycopy(octets, from, buffer, buffered, piece);
            buffered += piece;
            size += piece;
            from += piece;
            left -= piece;
        }
    }

    /** Gives everything to another stream: once, when all has been written. */
    void copyTo(OutputStream out) throws IOException {
        ScratchFile spilled = file;
        if (spilled != null) {
            spill(spilled);
            OpenFileInput in = spilled.input();
            in.rewind();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        } else {
            out.write(buffer, 0, buffered);
        }
    }

    @Override
    public void close() throws IOException {
        ScratchFile spilled = file;
        if (spilled != null) {
            spilled.close();
        }
    }

    private void makeRoom() throws IOException {
        if (buffer.length < MOST_IN_MEMORY) {
            byte[] larger = new byte[Math.min(MOST_IN_MEMORY, 2 * buffer.length)];
            System.arraycopy(buffer, 0, larger, 0, buffered);
            buffer = larger;
            return;
        }
        ScratchFile spilled = file;
        if (spilled == null) {
            spilled = scratchFile();
            file = spilled;
        }
        spill(spilled);
    }

    /** Not every file system has files without names; then the octets are at least not in our heap. */
    private ScratchFile scratchFile() throws IOException {
        try {
            return ScratchFile.on(directory);
        } catch (IOException notThere) {
            return ScratchFile.inMemory();
        }
    }

    private void spill(ScratchFile spilled) throws IOException {
        spilled.output().write(buffer, 0, buffered);
        buffered = 0;
    }
}
