package org.tawnymail.pickup.login;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where password hashes are computed: on at most {@value #AT_ONCE} threads of the whole process, so that a flood of
 * logins waits for processors and does not take them from the mail. They are platform threads: a hash computes for tens of
 * milliseconds without a pause, which would hold up every virtual thread of its carrier.
 */
public final class PasswordWork {

    static final int AT_ONCE = 2;

    /** So many logins wait for their turn; the next one is sent away. */
    static final int MOST_WAITING = 200;

    /** Nobody's client waits longer than this for an answer to its password. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private static final Duration IDLE_THREAD_ENDS = Duration.ofSeconds(10);

    private final Duration longestWait;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            IDLE_THREAD_ENDS.toMillis(),
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("password-", 1).factory());

    public PasswordWork() {
        this(LONGEST_WAIT);
    }

    PasswordWork(Duration longestWait) {
        this.longestWait = longestWait;
        threads.allowCoreThreadTimeOut(true);
    }

    /** Too many logins at once. */
    static final class TooBusy extends Exception {
        private TooBusy() {
            super("too many logins at once");
        }
    }

    /**
     * Waits for a turn and for the answer.
     *
     * @throws TooBusy if that would take too long; the check has then not been made
     */
    boolean check(Callable<Boolean> matches) throws TooBusy {
        Future<Boolean> answer;
        try {
            answer = threads.submit(matches);
        } catch (RejectedExecutionException full) {
            throw new TooBusy();
        }
        try {
            return answer.get(longestWait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException defect) {
            throw new IllegalStateException("a password check failed", defect.getCause());
        } catch (TimeoutException tooLong) {
            answer.cancel(true);
            throw new TooBusy();
        } catch (InterruptedException asked) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new TooBusy();
        }
    }
}
