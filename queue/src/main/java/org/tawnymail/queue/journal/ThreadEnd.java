package org.tawnymail.queue.journal;

/** The end of a thread, which must not be passed over: it still writes to files that are closed next. */
public final class ThreadEnd {

    /** Waits for it whatever happens. An interrupt meanwhile is kept for later. */
    public static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private ThreadEnd() {}
}
