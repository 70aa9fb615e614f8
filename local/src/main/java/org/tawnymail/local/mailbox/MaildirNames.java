package org.tawnymail.local.mailbox;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names for files in Maildirs that no delivery on any host ever gives twice (core spec, section 13.2; the Maildir
 * convention of its author): {@code SECONDS.MmicrosPpidQcount.HOST}.
 *
 * <p>qmail's {@code TIME.PID.HOST} relies on a process for each delivery; here one process makes thousands in a second, so
 * the middle part also counts. Safe for use by many threads.
 */
public final class MaildirNames {

    /** What qmail takes of a host's name. */
    private static final int LONGEST_HOST = 64;

    private final InstantSource clock;
    private final String process;
    private final String host;
    private final AtomicLong count = new AtomicLong();

    /**
     * @param hostName what gethostname says; slashes and colons, which a file name in a Maildir cannot hold, are written
     *     as {@code \057} and {@code \072}
     */
    public MaildirNames(InstantSource clock, long pid, String hostName) {
        this.clock = clock;
        this.process = "P" + pid + "Q";
        String shortened = hostName.length() > LONGEST_HOST ? hostName.substring(0, LONGEST_HOST) : hostName;
        this.host = "." + shortened.replace("/", "\\057").replace(":", "\\072");
    }

    String next() {
        Instant now = clock.instant();
        return now.getEpochSecond() + ".M" + now.getNano() / 1000 + process + count.incrementAndGet() + host;
    }
}
