package org.tawnymail.queue.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.tawnymail.queue.disk.DiskFile;

/**
 * One file of the journal: a {@linkplain SegmentHeader header}, then records without gaps. The header says where they end
 * once nothing will be added any more and all is durable; that is its seal.
 */
final class Segment {

    /** Where the first record begins. */
    static final int FIRST_RECORD = SegmentHeader.LENGTH;

    private final int number;
    private final Path path;
    private final DiskFile file;
    private final int capacity;
    private final long salt;

    // Who reads holds it; it is closed when the last one lets go after it was retired.
    private int holders = 1;

    /** Where records end; for the active segment, where the next one goes. */
    private volatile int end = FIRST_RECORD;

    private volatile boolean sealed;
    private volatile boolean suspect;
    private volatile boolean damaged;
    private volatile boolean stays;
    private volatile boolean leaving;

    /** Set at the start, before others see it. */
    private boolean cut;

    /**
     * @param capacity bytes that were prepared for it
     * @param salt of the checksums of its records
     */
    Segment(int number, Path path, DiskFile file, int capacity, long salt) {
        this.number = number;
        this.path = path;
        this.file = file;
        this.capacity = capacity;
        this.salt = salt;
    }

    int number() {
        return number;
    }

    Path path() {
        return path;
    }

    DiskFile file() {
        return file;
    }

    /** Bytes that were prepared for it. */
    int capacity() {
        return capacity;
    }

    long salt() {
        return salt;
    }

    int end() {
        return end;
    }

    void end(int offset) {
        end = offset;
    }

    /** Nothing is added any more, and all before {@link #end} was durable. */
    boolean isSealed() {
        return sealed;
    }

    /** A seal was read that says where the records end. */
    void sealedAt(int itsEnd) {
        end = itsEnd;
        sealed = true;
    }

    /** Seals it at its present end. All before must be durable. */
    void seal() throws IOException {
        file.write(ByteBuffer.wrap(SegmentHeader.seal(salt, number, end)), SegmentHeader.SEAL);
        file.force();
        sealed = true;
    }

    /** The file is shorter than it was made: whatever does not hold in it is damage, and no torn tail. */
    boolean isCut() {
        return cut;
    }

    void cut() {
        cut = true;
        damaged();
    }

    /** Something in it did not hold; its living records are to be written elsewhere. */
    boolean isSuspect() {
        return suspect;
    }

    void suspect() {
        suspect = true;
    }

    /** Something in it that had been durable does not hold: kept for the operator, never written over. */
    boolean isDamaged() {
        return damaged;
    }

    void damaged() {
        damaged = true;
        suspect = true;
    }

    /** Not all of it could be read: there may be mail in it that nobody knows of, so it is never dropped. */
    boolean stays() {
        return stays;
    }

    void stay() {
        stays = true;
    }

    /** It is about to be dropped, and not listed any more. */
    boolean isLeaving() {
        return leaving;
    }

    void leave() {
        leaving = true;
    }

    /** Keeps the file open and its bytes as they are, unless it was retired. */
    synchronized boolean hold() {
        if (holders == 0) {
            return false;
        }
        holders++;
        return true;
    }

    synchronized void release() {
        if (--holders == 0) {
            notifyAll();
        }
    }

    /** Gives up the first hold and waits for all readers, who are about to finish a single read. */
    synchronized void retire() {
        boolean interrupted = false;
        holders--;
        while (holders > 0) {
            try {
                wait();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void close() throws IOException {
        file.close();
    }
}
