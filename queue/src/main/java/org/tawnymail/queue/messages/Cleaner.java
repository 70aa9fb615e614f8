package org.tawnymail.queue.messages;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.tawnymail.queue.DamagedMessage;
import org.tawnymail.queue.journal.GroupCommit;
import org.tawnymail.queue.journal.Journal;
import org.tawnymail.queue.journal.NoRoom;
import org.tawnymail.queue.journal.RecordFormat;
import org.tawnymail.queue.journal.ThreadEnd;

/**
 * Gets space back. A segment of which nothing is needed is dropped; of one with few living bytes the living messages are
 * appended again, with their whole state, and then it is dropped.
 *
 * <p>A segment without a living message may be needed all the same, and what is needed is appended again first:
 *
 * <ul>
 *   <li>records about living messages that were accepted in other segments: routing, bounce text, marks;
 *   <li>finished records of messages whose own record still lies in some other segment: without them those would come to
 *       life again at the next start.
 * </ul>
 *
 * <p>Everything that was appended again is durable before the segment goes, and the segment is gone for good before the next
 * one is looked at. The oldest go first, so that few finished records have to be carried on. Space in use stays below four
 * times what is alive, and a few segments.
 */
final class Cleaner implements AutoCloseable {

    /** A segment with fewer living bytes than this part of it is emptied. */
    private static final int LIVING_PART = 4;

    /** So many of the newest segments are left alone: their mail is about to be delivered, and they empty themselves. */
    private static final int NEWEST_LEFT_ALONE = 2;

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long IDLE = TimeUnit.SECONDS.toNanos(2);

    private static final int NO_SEGMENT = MessageState.NO_SEGMENT;

    /** Bytes of moved messages between two waits, so that new mail is not held up for long. */
    private static final long MOVED_AT_ONCE = 1 << 20;

    private final Journal journal;
    private final MessageTable table;
    private final Changes changes;
    private final GroupCommit writer;
    private final Consumer<String> log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();

    /** Segments with a message that is damaged and cannot be moved: they go when it is finished. */
    private final Set<Integer> unmovable = new HashSet<>();

    /** Segments with a record that is needed and damaged: they go after the next start, which makes up for it. */
    private final Set<Integer> stuck = new HashSet<>();

    private final Thread thread;

    /** The newest segment that was ever seen closed. */
    private int newest;

    private volatile boolean closing;

    Cleaner(Journal journal, MessageTable table, Changes changes, GroupCommit writer, Consumer<String> log) {
        this.journal = journal;
        this.table = table;
        this.changes = changes;
        this.writer = writer;
        this.log = log;
        this.thread = Thread.ofPlatform().name("queue-cleaner").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        boolean told = false;
        while (!closing) {
            boolean worked = false;
            try {
                worked = clean();
                told = false;
            } catch (IOException | RuntimeException e) {
                if (!closing && !told) {
                    log.accept("queue: unable to clean the journal for the time being: " + e.getMessage());
                }
                told = true;
            }
            pause(worked ? PAUSE : IDLE);
        }
    }

    private void pause(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !closing) {
                left = wake.awaitNanos(left);
            }
        } catch (InterruptedException nobodyInterruptsThisThread) {
            closing = true;
        } finally {
            lock.unlock();
        }
    }

    /** Makes up for what could not be written, now that there is room. */
    private void save() throws IOException {
        if (journal.isFull()) {
            return;
        }
        Completion completion = new Completion();
        for (QueuedMessage message : List.copyOf(changes.unsaved())) {
            changes.unsaved().remove(message);
            synchronized (message) {
                if (!message.isFinished()) {
                    repeatState(message, NO_SEGMENT, completion);
                }
            }
        }
        completion.await();
        bury();
    }

    private void bury() throws IOException {
        List<Changes.Burial> burials = new ArrayList<>();
        for (Changes.Burial next = changes.unburied().poll();
                next != null;
                next = changes.unburied().poll()) {
            burials.add(next);
        }
        Completion completion = new Completion();
        for (Changes.Burial burial : burials) {
            if (isNeeded(burial.copies(), NO_SEGMENT)) {
                changes.repeatFinished(burial.message(), burial.copies(), completion);
            }
        }
        try {
            completion.await();
        } catch (IOException e) {
            changes.unburied().addAll(burials);
            throw e;
        }
    }

    /** One round; true if a segment was dropped. */
    synchronized boolean clean() throws IOException {
        boolean dropped = false;
        if (writer.isBroken()) {
            return false;
        }
        save();
        List<Integer> segments = journal.segments();
        for (int segment : segments) {
            if (closing) {
                break;
            }
            newest = Math.max(newest, segments.getLast());
            boolean canGo = !unmovable.contains(segment) || table.occupancy().isDead(segment);
            if (canGo && !stuck.contains(segment)) {
                dropped |= clean(segment, segment > newest - NEWEST_LEFT_ALONE);
            }
        }
        return dropped;
    }

    /** True if the segment was dropped. */
    private boolean clean(int segment, boolean isNew) throws IOException {
        try {
            if (!empty(segment, isNew)) {
                return false;
            }
            rescue(segment);
        } catch (Journal.Damaged damaged) {
            stuck.add(segment);
            log.accept("queue: segment " + segment + " stays, because something in it is still needed and cannot be"
                    + " written anew: " + damaged.getMessage());
            return false;
        }
        announce(segment);
        journal.drop(segment);
        table.dropped(segment);
        return true;
    }

    /** Says durably that a segment goes: one that is gone without that was lost. */
    private void announce(int segment) throws IOException {
        journal.leave(segment);
        Completion completion = new Completion();
        changes.listSegments(journal, completion);
        try {
            completion.await();
        } catch (NoRoom full) {
            // Room is what the segment is dropped for; the next one begins with a list.
        }
    }

    /** Moves what lives in a segment elsewhere if that is worth it; true if nothing lives there. */
    private boolean empty(int segment, boolean isNew) throws IOException {
        if (table.occupancy().isDead(segment)) {
            return true;
        }
        boolean sparse = table.occupancy().livingBytes(segment) < journal.used(segment) / LIVING_PART;
        boolean wanted = journal.isSuspect(segment) || (sparse && !isNew);
        if (!wanted || journal.isFull()) {
            return false;
        }
        List<QueuedMessage> living = new ArrayList<>();
        for (QueuedMessage message : table.all()) {
            if (message.accepted.isIn(segment)) {
                living.add(message);
            }
        }
        for (int next = 0; next < living.size() && !closing; ) {
            next = moveSome(living, next, segment);
        }
        return table.occupancy().isDead(segment);
    }

    private int moveSome(List<QueuedMessage> living, int from, int segment) throws IOException {
        Completion completion = new Completion();
        long bytes = 0;
        int next = from;
        while (next < living.size() && bytes < MOVED_AT_ONCE) {
            QueuedMessage message = living.get(next++);
            bytes += message.accepted.length();
            try {
                move(message, completion);
            } catch (DamagedMessage | Journal.Damaged damaged) {
                log.accept("queue: message " + message.number + " cannot be moved, its segment stays: "
                        + damaged.getMessage());
                unmovable.add(segment);
            }
        }
        completion.await();
        return next;
    }

    private void move(QueuedMessage message, Completion completion) throws IOException {
        byte[] record = whole(message);
        synchronized (message) {
            if (!message.isFinished()) {
                MessageState state = MessageState.whole(message, journal);
                changes.move(message, record, completion);
                state.append(changes.repetition(message, completion));
            }
        }
    }

    /** The record of a message; its body is checked, so that damage is not given a new life under a fresh checksum. */
    private byte[] whole(QueuedMessage message) throws IOException {
        AcceptedRecord record = AcceptedRecord.of(message, journal);
        if (!record.isBodyLarge() && !record.isBodyWhole()) {
            throw new DamagedMessage(message.number, "its text is not what it was");
        }
        return record.bytes();
    }

    /** Appends again what is still needed of a segment in which no message lives. */
    private void rescue(int segment) throws IOException {
        Completion completion = new Completion();
        for (QueuedMessage message : table.all()) {
            if (mayHaveStateIn(message, segment)) {
                synchronized (message) {
                    if (!message.isFinished()) {
                        repeatState(message, segment, completion);
                    }
                }
            }
        }
        if (table.occupancy().tombstonesIn(segment).stream().anyMatch(journal::exists)) {
            journal.scan(segment, record -> {
                // One about a living message lay behind a torn part, and did not count at the start.
                if (record.type() == RecordFormat.FINISHED && table.get(record.message()) == null) {
                    int[] copies = MarkRecords.copies(record);
                    if (isNeeded(copies, segment)) {
                        changes.repeatFinished(record.message(), copies, completion);
                    }
                }
            });
        }
        completion.await();
    }

    private boolean isNeeded(int[] copies, int besides) {
        for (int copy : copies) {
            if (copy != besides && journal.exists(copy)) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayHaveStateIn(QueuedMessage message, int segment) {
        if (message.mayHaveMarksIn(segment)) {
            return true;
        }
        synchronized (message) {
            return message.routing().stream().anyMatch(piece -> piece.isIn(segment))
                    || message.bounceText().stream().anyMatch(piece -> piece.isIn(segment));
        }
    }

    private void repeatState(QueuedMessage message, int segment, Completion completion) throws IOException {
        MessageState.of(message, segment, journal).append(changes.repetition(message, completion));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            wake.signalAll();
        } finally {
            lock.unlock();
        }
        ThreadEnd.await(thread);
    }
}
