package org.tawnymail.queue.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The one writer of a journal: it gathers what waits, writes it in one go, forces once, and tells all. While it forces,
 * the next group gathers; so the busier it is, the more share a force, and an idle one adds no delay.
 *
 * <p>Records that nobody waits for (marks) never cost a force. Alone they are written after {@link #MARKS_WAIT}, so that a
 * hundred of them share a write.
 *
 * <p>After a failed force every awaited record fails; marks are still written as well as they can be.
 */
public final class GroupCommit implements AutoCloseable {

    /** Bytes that may wait to be written; who brings more waits. */
    private static final long MOST_WAITING = 16L << 20;

    /** How long marks wait for company. */
    private static final long MARKS_WAIT = TimeUnit.MILLISECONDS.toNanos(2);

    private final Journal journal;
    private final Consumer<String> log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Thread writer;

    private List<Append> waiting = new ArrayList<>();
    private long waitingBytes;
    private boolean anyAwaited;
    private boolean writerIdle;
    private boolean closing;
    private boolean toldOfTrouble;

    private volatile boolean broken;

    public GroupCommit(Journal journal, Consumer<String> log) {
        this.journal = journal;
        this.log = log;
        this.writer = Thread.ofPlatform().name("queue-writer").daemon().unstarted(this::run);
    }

    public void start() {
        writer.start();
    }

    /** Whether a force has failed. */
    public boolean isBroken() {
        return broken;
    }

    /** Hands a record over; returns at once unless very much is waiting already. */
    public void submit(Append append) {
        lock.lock();
        try {
            while (waitingBytes > MOST_WAITING && !closing) {
                room.awaitUninterruptibly();
            }
            if (!closing) {
                waiting.add(append);
                waitingBytes += append.length();
                anyAwaited |= append.isAwaited();
                if (writerIdle) {
                    work.signal();
                }
                return;
            }
        } finally {
            lock.unlock();
        }
        append.end(new IOException("the queue is closed"));
    }

    private void run() {
        List<Append> group = new ArrayList<>();
        while (true) {
            lock.lock();
            try {
                awaitWork();
                if (waiting.isEmpty()) {
                    return;
                }
                List<Append> taken = waiting;
                waiting = group;
                group = taken;
                waitingBytes = 0;
                anyAwaited = false;
                room.signalAll();
            } finally {
                lock.unlock();
            }
            try {
                commit(group);
            } catch (RuntimeException | Error defect) {
                broken = true;
                log.accept("queue: defect in the writer of the journal, nothing is accepted any more: " + defect);
                group.forEach(append -> append.end(new IOException("defect in the writer of the journal", defect)));
            }
            group.clear();
        }
    }

    private void awaitWork() {
        writerIdle = true;
        try {
            while (waiting.isEmpty() && !closing) {
                work.awaitUninterruptibly();
            }
            long patience = MARKS_WAIT;
            while (!anyAwaited && !closing && patience > 0) {
                patience = work.awaitNanos(patience);
            }
        } catch (InterruptedException nobodyInterruptsThisThread) {
            closing = true;
        } finally {
            writerIdle = false;
        }
    }

    private void commit(List<Append> group) {
        List<Append> staged = new ArrayList<>(group.size());
        boolean awaited = false;
        try {
            for (Append append : group) {
                if (broken && append.isAwaited()) {
                    append.end(new JournalBroken());
                    continue;
                }
                if (!append.prepare()) {
                    append.end(new IOException("a record before it is missing"));
                    continue;
                }
                try {
                    append.placed(journal.append(append.record(), append.length(), append.isRefusable()));
                    staged.add(append);
                    awaited |= append.isAwaited();
                } catch (NoRoom full) {
                    // Whoever submitted it tells the operator, if it was new mail; marks are made up for later.
                    append.end(full);
                }
            }
            journal.write();
            if (awaited) {
                journal.force();
            }
            toldOfTrouble &= !awaited;
            staged.forEach(Append::end);
        } catch (JournalBroken failedForce) {
            if (!broken) {
                broken = true;
                log.accept("queue: " + failedForce.getMessage() + "; nothing is accepted until the next start");
            }
            group.forEach(append -> append.end(failedForce));
        } catch (IOException failedWrite) {
            tell(failedWrite);
            group.forEach(append -> append.end(failedWrite));
        }
        journal.groupEnded();
    }

    private void tell(IOException trouble) {
        if (!toldOfTrouble && !broken) {
            toldOfTrouble = true;
            log.accept("queue: unable to write to the journal for the time being: " + trouble.getMessage());
        }
    }

    /** Writes what waits, then closes the journal. Later records fail. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closing = true;
            work.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        ThreadEnd.await(writer);
        journal.close();
    }
}
