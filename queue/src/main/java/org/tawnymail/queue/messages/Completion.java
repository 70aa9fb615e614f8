package org.tawnymail.queue.messages;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Lets one thread wait until the records that it appended are durable, or have failed. */
final class Completion {

    private final Thread waiter = Thread.currentThread();
    private volatile int open;
    private volatile @Nullable IOException failure;
    private volatile boolean sealed;

    /** One more record to wait for. Called by the waiting thread. */
    synchronized void expect() {
        open++;
    }

    void settled() {
        close(null);
    }

    void failed(IOException why) {
        close(why);
    }

    private void close(@Nullable IOException why) {
        boolean last;
        synchronized (this) {
            if (failure == null) {
                // The others may have failed because of the first.
                failure = why;
            }
            last = --open == 0 && sealed;
        }
        if (last) {
            LockSupport.unpark(waiter);
        }
    }

    /** Waits for all of them; an interrupt does not cut it short, because they would be written all the same. */
    void await() throws IOException {
        synchronized (this) {
            sealed = true;
        }
        boolean interrupted = false;
        while (open > 0) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            waiter.interrupt();
        }
        IOException why = failure;
        if (why != null) {
            throw why;
        }
    }
}
