package org.tawnymail.base.program;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers for calls that run inside this process, where qmail would have had a process id.
 *
 * <p>They begin above the largest process id that Linux gives (2^22), so that a number is never that of a real process. Each
 * process has a range of its own, which its process id gives, so that two processes never give the same number at one time:
 * a Message-ID is made of such a number and the second.
 */
final class ProcessNumbers {

    private static final long LARGEST_PROCESS_ID = 1L << 22;

    /** More calls than these are never under way in one process, nor begun within a second. */
    private static final long RANGE = 1L << 14;

    private static final long FIRST =
            LARGEST_PROCESS_ID + ProcessHandle.current().pid() * RANGE;

    private static final AtomicLong CALLS = new AtomicLong();

    static long next() {
        return FIRST + CALLS.getAndIncrement() % RANGE;
    }

    private ProcessNumbers() {}
}
