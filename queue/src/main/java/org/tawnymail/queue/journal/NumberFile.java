package org.tawnymail.queue.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.DiskFile;

/**
 * The file {@code numbers}: the ceilings below which message and segment numbers may have been given out, and the salt of
 * the queue's checksums. Ceilings are raised by a block at a time, durably, before a number of the block is given out; so no
 * number comes twice even if the newest segments are lost.
 *
 * <p>Two slots, written by turns, so that a torn write leaves the older one:
 *
 * <pre>
 *   0                 8                 16     24     32        36
 *   | message ceiling | segment ceiling | salt | turn | crc32c |        slot 0 at 0, slot 1 at 64
 * </pre>
 *
 * <p>Nothing depends on this file alone: if both slots are damaged, numbering goes on far above what the journal shows.
 */
public final class NumberFile {

    private static final String NAME = "numbers";
    private static final int SLOT = 64;
    private static final int CHECKED = 32;
    private static final long MESSAGES_AT_A_TIME = 10_000;
    private static final long SEGMENTS_AT_A_TIME = 64;

    /** How far to jump when it is unknown which numbers were given out. */
    private static final long LEAP = 1_000_000;

    private final Disk disk;
    private final Path file;
    private final byte[] slot = new byte[SLOT];

    private long messageCeiling = 1;
    private long segmentCeiling = 1;
    private long salt;
    private long turn;
    private final boolean known;
    private final long leap;

    private long nextMessage;
    private long nextSegment;

    private NumberFile(Disk disk, Path file, RandomGenerator random, boolean anySegments, boolean mayWrite)
            throws IOException {
        this.disk = disk;
        this.file = file;
        this.salt = random.nextLong();
        boolean read = false;
        boolean absent = false;
        try (DiskFile opened = disk.read(file)) {
            boolean first = readSlot(opened, 0);
            boolean second = readSlot(opened, SLOT);
            read = first || second;
        } catch (NoSuchFileException e) {
            absent = true;
        }
        this.known = read;
        if (mayWrite && absent) {
            disk.create(file).close();
        }
        leap = !read && anySegments ? LEAP : 0;
        nextMessage = messageCeiling + leap;
        nextSegment = segmentCeiling;
    }

    /**
     * Reads it, or makes a new one.
     *
     * @param anySegments whether there are segments, so that a missing file is a loss and not a beginning
     */
    static NumberFile open(Disk disk, Path directory, RandomGenerator random, boolean anySegments) throws IOException {
        return new NumberFile(disk, directory.resolve(NAME), random, anySegments, true);
    }

    /** Reads it for somebody who only looks. */
    static NumberFile look(Disk disk, Path directory) throws IOException {
        return new NumberFile(disk, directory.resolve(NAME), () -> 0, true, false);
    }

    private boolean readSlot(DiskFile opened, int at) throws IOException {
        if (opened.read(slot, 0, SLOT, at) < CHECKED + 4
                || RecordFormat.getInt(slot, CHECKED) != RecordFormat.crc(slot, 0, CHECKED)) {
            return false;
        }
        long itsTurn = RecordFormat.getLong(slot, 24);
        if (itsTurn >= turn) {
            messageCeiling = RecordFormat.getLong(slot, 0);
            segmentCeiling = RecordFormat.getLong(slot, 8);
            salt = RecordFormat.getLong(slot, 16);
            turn = itsTurn;
        }
        return true;
    }

    /** Whether the salt was read, and not made up just now. */
    boolean isKnown() {
        return known;
    }

    synchronized long salt() {
        return salt;
    }

    /** Takes the salt that a segment bears, after the file's own copy was lost. */
    synchronized void salt(long found) {
        salt = found;
    }

    /** This message number is in use. */
    synchronized void sawMessage(long number) {
        nextMessage = Math.max(nextMessage, number + 1 + leap);
    }

    /** This segment number is in use. */
    synchronized void sawSegment(long number) {
        nextSegment = Math.max(nextSegment, number + 1);
    }

    /** A number for a message. */
    public synchronized long nextMessage() throws IOException {
        if (nextMessage >= messageCeiling) {
            store(nextMessage + MESSAGES_AT_A_TIME, segmentCeiling);
        }
        return nextMessage++;
    }

    /** The number that the next message will have. */
    public synchronized long peekMessage() {
        return nextMessage;
    }

    synchronized int nextSegment() throws IOException {
        if (nextSegment >= segmentCeiling) {
            store(messageCeiling, nextSegment + SEGMENTS_AT_A_TIME);
        }
        return Math.toIntExact(nextSegment++);
    }

    /** Notes the numbers as they are, so that the next start goes on without a gap. */
    synchronized void close() throws IOException {
        store(nextMessage, nextSegment);
    }

    private void store(long messages, long segments) throws IOException {
        RecordFormat.putLong(slot, 0, messages);
        RecordFormat.putLong(slot, 8, segments);
        RecordFormat.putLong(slot, 16, salt);
        RecordFormat.putLong(slot, 24, turn + 1);
        RecordFormat.putInt(slot, CHECKED, RecordFormat.crc(slot, 0, CHECKED));
        RecordFormat.putInt(slot, CHECKED + 4, 0);
        try (DiskFile opened = disk.write(file)) {
            opened.write(ByteBuffer.wrap(slot), (turn + 1) % 2 * SLOT);
            opened.force();
        }
        turn++;
        messageCeiling = messages;
        segmentCeiling = segments;
    }
}
