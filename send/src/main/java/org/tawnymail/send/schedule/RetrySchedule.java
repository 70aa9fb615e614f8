package org.tawnymail.send.schedule;

import org.tawnymail.queue.Channel;

/**
 * When a message is tried again (core spec, section 4.7).
 *
 * <p>The k-th attempt is ideally made {@code (10(k-1))²} seconds after the birth of the message to a mailbox here and
 * {@code (20(k-1))²} seconds after it to another host: soon at first, ever more rarely later. An attempt that comes late
 * moves those that follow, but never brings two of them close together. Times are seconds since 1970.
 */
public final class RetrySchedule {

    private static final long LOCAL_STEP = 10;
    private static final long REMOTE_STEP = 20;

    /**
     * The time of the attempt after one that is made now.
     *
     * @param birth when the message was accepted; may lie in the future of a clock that was set back
     */
    public static long nextTry(Channel channel, long birth, long now) {
        long step = switch (channel) {
            case LOCAL -> LOCAL_STEP;
            case REMOTE -> REMOTE_STEP;
        };
        long root = wholeRoot(Math.max(0, now - birth)) + step;
        return birth + root * root;
    }

    /** Whether an attempt made now is the last one: what it defers has failed. */
    public static boolean isLastTry(long birth, long now, long lifetime) {
        return now - birth > lifetime;
    }

    /** The largest whole number whose square is not above the argument. */
    private static long wholeRoot(long square) {
        long root = (long) Math.sqrt((double) square);
        while (root * root > square) {
            root--;
        }
        while ((root + 1) * (root + 1) <= square) {
            root++;
        }
        return root;
    }

    private RetrySchedule() {}
}
