package org.tawnymail.tcp;

import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.tawnymail.base.Octets;

/** A descriptor whose text a test can wait for. */
final class Hearing extends OutputStream {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final StringBuilder text = new StringBuilder();

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
        lock.lock();
        try {
            text.append(Octets.text(octets, offset, length));
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    String text() {
        lock.lock();
        try {
            return text.toString();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the text is as it should be. */
    String when(Predicate<String> wanted) throws InterruptedException {
        lock.lock();
        try {
            long left = LIMIT.toNanos();
            while (!wanted.test(text.toString())) {
                if (left <= 0) {
                    throw new AssertionError("waited in vain; heard:\n" + text);
                }
                left = more.awaitNanos(left);
            }
            return text.toString();
        } finally {
            lock.unlock();
        }
    }
}
