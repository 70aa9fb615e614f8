package org.tawnymail.base.program;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers for calls that run inside this process, where qmail would have had a process id.
 *
 * <p>They begin above the largest process id that Linux gives (2^22), so that a number is never that of a real process.
 */
final class ProcessNumbers {

    private static final long LARGEST_PROCESS_ID = 1L << 22;
    private static final AtomicLong NEXT = new AtomicLong(LARGEST_PROCESS_ID + 1);

    static long next() {
        return NEXT.getAndIncrement();
    }

    private ProcessNumbers() {}
}
