package org.tawnymail.queue.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
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
 *   0                 8                 16     24     32        36               40        44
 *   | message ceiling | segment ceiling | salt | turn | crc32c | newest segment | crc32c |        slot 0 at 0, slot 1 at 64
 * </pre>
 *
 * <p>The newest segment is the last one that was taken into use: no other segment can tell that it is missing.
 *
 * <p>Nothing depends on this file alone: if a slot is damaged, numbering goes on far above what the other and the journal
 * show, and a file that cannot be read is set aside.
 */
public final class NumberFile {

    private static final String NAME = "numbers";
    private static final int SLOT = 64;
    private static final int CHECKED = 32;
    private static final int NEWEST = 36;
    private static final int ALL_CHECKED = 40;
    private static final long MESSAGES_AT_A_TIME = 10_000;
    private static final long SEGMENTS_AT_A_TIME = 64;

    /** How far to jump when it is unknown which numbers were given out. */
    private static final long LEAP = 1_000_000;

    private final Disk disk;
    private final Path file;
    private final byte[] slot = new byte[SLOT];

    private long messageCeiling;
    private long segmentCeiling;
    private long salt;
    private long turn;
    private int newestSegment;
    private final boolean known;
    private final long leap;

    private long nextMessage;
    private long nextSegment;

    private NumberFile(Disk disk, Path file, Slots read, long salt, boolean leaps) {
        this.disk = disk;
        this.file = file;
        this.known = read.best.isPresent();
        Slot best = read.best.orElse(new Slot(1, 1, salt, 0, 0));
        this.messageCeiling = best.messageCeiling;
        this.segmentCeiling = best.segmentCeiling;
        this.salt = best.salt;
        this.turn = best.turn;
        this.newestSegment = best.newestSegment;
        if (read.damaged) {
            // The slot that holds may be the older one.
            newestSegment = 0;
        }
        this.leap = leaps ? LEAP : 0;
        this.nextMessage = messageCeiling + leap;
        this.nextSegment = segmentCeiling;
    }

    /**
     * Reads it, or makes a new one.
     *
     * @param queue the queue directory
     * @param directory where the file is
     * @param anySegments whether there are segments, so that a missing file is a loss and not a beginning
     * @param log is told if it is damaged
     */
    static NumberFile open(
            Disk disk, Path queue, Path directory, RandomGenerator random, boolean anySegments, Consumer<String> log)
            throws IOException {
        Path file = directory.resolve(NAME);
        Slots slots;
        try (DiskFile opened = disk.write(file)) {
            slots = Slots.read(opened);
        } catch (NoSuchFileException absent) {
            disk.create(file).close();
            slots = new Slots(Optional.empty(), false);
        } catch (IOException unreadable) {
            Path kept = new SetAside(disk, queue).keep(file, NAME);
            log.accept("queue: unable to read " + file + ", which is kept as " + kept + ": " + unreadable.getMessage());
            disk.create(file).close();
            slots = new Slots(Optional.empty(), false);
        }
        if (slots.damaged) {
            log.accept("queue: " + file + " is damaged; message numbers go on " + LEAP + " higher");
        }
        boolean lost = slots.best.isEmpty() && anySegments;
        return new NumberFile(disk, file, slots, random.nextLong(), lost || slots.damaged);
    }

    /** Reads it for somebody who only looks. */
    static NumberFile look(Disk disk, Path directory, Consumer<String> log) throws IOException {
        Path file = directory.resolve(NAME);
        Slots slots = new Slots(Optional.empty(), false);
        try (DiskFile opened = disk.read(file)) {
            slots = Slots.read(opened);
        } catch (NoSuchFileException absent) {
            log.accept("queue: " + file + " is missing");
        } catch (IOException unreadable) {
            log.accept("queue: unable to read " + file + ": " + unreadable.getMessage());
        }
        if (slots.damaged) {
            log.accept("queue: " + file + " is damaged");
        }
        return new NumberFile(disk, file, slots, 0, true);
    }

    private record Slot(long messageCeiling, long segmentCeiling, long salt, long turn, int newestSegment) {}

    /**
     * Both slots.
     *
     * @param best the newer one that holds
     * @param damaged whether one does not hold that was written once
     */
    private record Slots(Optional<Slot> best, boolean damaged) {

        static Slots read(DiskFile opened) throws IOException {
            Optional<Slot> best = Optional.empty();
            boolean damaged = false;
            for (int at : new int[] {0, SLOT}) {
                byte[] bytes = new byte[SLOT];
                opened.read(bytes, 0, SLOT, at);
                boolean holds = RecordFormat.getInt(bytes, CHECKED) == RecordFormat.crc(bytes, 0, CHECKED);
                boolean allHolds =
                        holds && RecordFormat.getInt(bytes, ALL_CHECKED) == RecordFormat.crc(bytes, 0, ALL_CHECKED);
                // A slot of the first versions ends after its first checksum.
                damaged |= !isBlank(bytes, allHolds ? ALL_CHECKED + 4 : holds ? CHECKED + 4 : 0);
                long turn = RecordFormat.getLong(bytes, 24);
                if (holds && (best.isEmpty() || turn > best.get().turn)) {
                    best = Optional.of(new Slot(
                            RecordFormat.getLong(bytes, 0),
                            RecordFormat.getLong(bytes, 8),
                            RecordFormat.getLong(bytes, 16),
                            turn,
                            allHolds ? RecordFormat.getInt(bytes, NEWEST) : 0));
                }
            }
            return new Slots(best, damaged);
        }

        private static boolean isBlank(byte[] bytes, int from) {
            for (int i = from; i < bytes.length; i++) {
                if (bytes[i] != 0) {
                    return false;
                }
            }
            return true;
        }
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

    /** A segment is taken into use: durable when this returns. */
    synchronized void using(int segment) throws IOException {
        newestSegment = segment;
        store(messageCeiling, segmentCeiling);
    }

    /** The last segment that was taken into use; 0 if that is not known. */
    synchronized int newestSegment() {
        return newestSegment;
    }

    /**
     * Stores what was read, before any number is given out: if a force of an earlier process failed, it may have been read
     * from memory and not be on the disk.
     */
    synchronized void writeAgain() throws IOException {
        if (known) {
            store(messageCeiling, segmentCeiling);
        }
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
        RecordFormat.putInt(slot, NEWEST, newestSegment);
        RecordFormat.putInt(slot, ALL_CHECKED, RecordFormat.crc(slot, 0, ALL_CHECKED));
        try (DiskFile opened = disk.write(file)) {
            opened.write(ByteBuffer.wrap(slot), (turn + 1) % 2 * SLOT);
            opened.force();
        }
        turn++;
        messageCeiling = messages;
        segmentCeiling = segments;
    }
}
