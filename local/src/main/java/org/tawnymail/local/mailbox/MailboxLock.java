package org.tawnymail.local.mailbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * How the lock of an mbox is waited for: other programs hold it while they read or write the file.
 *
 * @param limit how long
 */
public record MailboxLock(Duration limit) {

    /** How long a delivery waits (core spec, section 6.9). */
    public static final MailboxLock OF_DELIVERY = new MailboxLock(Duration.ofSeconds(30));

    /** For a person who waits: a delivery holds the lock for a moment, a mail reader perhaps for minutes. */
    public static final MailboxLock PATIENT = new MailboxLock(Duration.ofMinutes(5));

    /** flock cannot be given a limit, so one asks again, at first soon and then at this distance. */
    private static final long LONGEST_PAUSE_MILLIS = 50;

    /**
     * Waits until the file is locked.
     *
     * @return false if the limit is reached
     * @throws InterruptedIOException if the thread is interrupted while it waits
     * @throws IOException if the file system knows no locks
     */
    public boolean await(MailboxDisk.MailboxFile file) throws IOException {
        long start = System.nanoTime();
        long pause = 1;
        while (!file.tryLock()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                return false;
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for a lock");
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
        return true;
    }
}
