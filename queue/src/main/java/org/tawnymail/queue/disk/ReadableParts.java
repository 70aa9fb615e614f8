package org.tawnymail.queue.disk;

import java.io.IOException;
import java.util.Arrays;

/**
 * Reads of a file what can be read. A block that the disk cannot read counts as zeros, so that a bad one costs nothing but
 * what lies in it.
 */
public final class ReadableParts {

    /** What a file system reads at once: a bad sector makes so much of a file unreadable. */
    private static final int BLOCK = 4096;

    /** So many bad blocks in one file are no bad blocks any more, but a disk that is gone. */
    private static final int MOST_UNREADABLE = 64;

    private final DiskFile file;
    private int unreadable;

    public ReadableParts(DiskFile file) {
        this.file = file;
    }

    /**
     * Reads at a position, as {@link DiskFile#read} does.
     *
     * @throws IOException if very much of the file cannot be read
     */
    public int read(byte[] into, int offset, int length, long position) throws IOException {
        try {
            return file.read(into, offset, length, position);
        } catch (IOException bad) {
            return readBlocks(into, offset, length, position, bad);
        }
    }

    private int readBlocks(byte[] into, int offset, int length, long position, IOException first) throws IOException {
        int end = Math.clamp(file.size() - position, 0, length);
        for (int done = 0; done < end; ) {
            int block = Math.min(end - done, BLOCK - (int) ((position + done) % BLOCK));
            int got = 0;
            try {
                got = file.read(into, offset + done, block, position + done);
            } catch (IOException bad) {
                if (++unreadable > MOST_UNREADABLE) {
                    throw first;
                }
            }
            Arrays.fill(into, offset + done + got, offset + done + block, (byte) 0);
            done += block;
        }
        return end;
    }

    /** How often a block could not be read. */
    public int unreadable() {
        return unreadable;
    }
}
