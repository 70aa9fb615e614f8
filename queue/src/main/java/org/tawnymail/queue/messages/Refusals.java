package org.tawnymail.queue.messages;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.queue.journal.JournalBroken;

/**
 * Tells the operator that new mail is refused, and why: once for each reason, and again when it is still so after a while. A
 * full disk refuses a thousand times a second, now for the one reason and now for the other. Safe for use by many threads.
 */
final class Refusals {

    static final Duration BETWEEN_LINES = Duration.ofMinutes(10);

    /** There are few; should there be more, they are told more often. */
    private static final int MOST_REASONS = 16;

    private static final String BROKEN = "a force has failed, and nothing is accepted until the next start";

    private final InstantSource clock;
    private final Consumer<String> log;
    private final Map<String, Instant> told = new HashMap<>();

    Refusals(InstantSource clock, Consumer<String> log) {
        this.clock = clock;
        this.log = log;
    }

    void tell(IOException why) {
        boolean broken = why instanceof JournalBroken;
        if (isDue(kind(why), broken)) {
            log.accept("queue: new mail is refused for the time being: " + (broken ? BROKEN : Errno.text(why)));
        }
    }

    /** The same for all that differ in a number or the name of a file only. */
    private static String kind(IOException why) {
        boolean isOurs = why.getClass() != IOException.class;
        return Errno.of(why)
                .map(Errno::text)
                .orElseGet(() -> isOurs ? why.getClass().getName() : Errno.text(why));
    }

    /** @param known whether somebody else has told it when it began */
    private synchronized boolean isDue(String reason, boolean known) {
        Instant now = clock.instant();
        Instant before = told.get(reason);
        if (before != null && now.isBefore(before.plus(BETWEEN_LINES))) {
            return false;
        }
        if (told.size() == MOST_REASONS) {
            told.clear();
        }
        told.put(reason, now);
        return before != null || !known;
    }
}
