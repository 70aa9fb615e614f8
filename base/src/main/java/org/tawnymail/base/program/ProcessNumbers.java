package org.tawnymail.base.program;

import java.util.concurrent.atomic.AtomicLong;
import org.tawnymail.base.posix.ThisProcess;

/**
 * Numbers for calls that run inside this process, where qmail would have had a process id. They go into Message-IDs and into
 * the timestamps of POP3, which must differ from those of every other process of this machine.
 *
 * <p>Each is the process id of this process and a multiple of 2^22, which is more than Linux gives as one: no real process has
 * such a number, and no other process gives it.
 */
final class ProcessNumbers {

    private static final long MORE_THAN_ANY_PROCESS_ID = 1L << 22;
    private static final AtomicLong LAST = new AtomicLong(ThisProcess.pid());

    static long next() {
        return LAST.addAndGet(MORE_THAN_ANY_PROCESS_ID);
    }

    private ProcessNumbers() {}
}
