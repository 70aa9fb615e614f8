package org.tawnymail.proof;

import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Takes the delivery log and knows when nothing has been written to it for a moment: nothing is under way any more. */
final class DeliveryWatch extends OutputStream {

    /** qmail-send writes its log when it has nothing more to do at once; deliveries on this disk take microseconds. */
    private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(3);

    private static final long LONGEST = TimeUnit.SECONDS.toNanos(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();

    @Override
    public void write(int octet) {
        note();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        note();
    }

    private void note() {
        lock.lock();
        try {
            written.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the log has paused. */
    void awaitQuiet() {
        long end = System.nanoTime() + LONGEST;
        lock.lock();
        try {
            while (System.nanoTime() < end && written.awaitNanos(QUIET) > 0) {
                // Something was written: wait for the next pause.
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
