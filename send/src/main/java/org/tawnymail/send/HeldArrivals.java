package org.tawnymail.send;

import java.time.InstantSource;
import java.util.function.LongConsumer;
import org.tawnymail.send.schedule.LongQueue;

/**
 * Messages from the null sender that arrived while a bounce was being injected: each may be that bounce.
 *
 * <p>The queue tells of a new message in the same moment in which it tells its submitter that it is accepted. Readers of
 * the log expect {@code bounce msg 4711} before {@code new msg 4720}, so such a message is held until no injection is
 * under way, but for no more than {@value #MOST_MILLIS} milliseconds.
 */
final class HeldArrivals {

    private static final long MOST_MILLIS = 5;

    private final InstantSource clock;
    private final LongQueue messages = new LongQueue();
    private long until;

    HeldArrivals(InstantSource clock) {
        this.clock = clock;
    }

    void add(long message) {
        if (messages.isEmpty()) {
            until = clock.millis() + MOST_MILLIS;
        }
        messages.add(message);
    }

    boolean isTooLate() {
        return clock.millis() >= until;
    }

    /** How long the first may still be held. */
    long millisToWait() {
        return messages.isEmpty() ? Long.MAX_VALUE : until - clock.millis();
    }

    void release(LongConsumer taker) {
        while (!messages.isEmpty()) {
            taker.accept(messages.poll());
        }
    }
}
