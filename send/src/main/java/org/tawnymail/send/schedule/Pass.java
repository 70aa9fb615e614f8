package org.tawnymail.send.schedule;

import java.util.HashSet;
import java.util.Set;
import org.tawnymail.base.address.Verp;
import org.tawnymail.queue.Channel;

/**
 * One attempt at all recipients of a message on one channel who are not done: each is tried once, and what is deferred waits
 * for the next pass (core spec, section 4.6). Who is next, its {@linkplain Walk walks} know.
 *
 * <p>The next attempt and whether this one is the last are decided when it begins.
 */
public final class Pass {

    private final Channel channel;
    private final long message;
    private final boolean isRetry;

    private boolean isRead;
    private String sender = "";
    private long birth;

    private boolean begun;
    private boolean last;
    private long nextTry;

    /** Those that have not come to their end: one at first. */
    private int walks = 1;

    private Set<String> aside = Set.of();
    private int underway;
    private boolean leavesWork;

    /**
     * @param isRetry whether the message has been tried before
     */
    Pass(Channel channel, long message, boolean isRetry) {
        this.channel = channel;
        this.message = message;
        this.isRetry = isRetry;
    }

    public Channel channel() {
        return channel;
    }

    public long message() {
        return message;
    }

    boolean isRetry() {
        return isRetry;
    }

    /** Whether the envelope is known. */
    public boolean isRead() {
        return isRead;
    }

    public long birth() {
        return birth;
    }

    /**
     * Whether several recipients may share a transaction. Not where each has a sender of its own; and what a shared
     * transaction did not deliver is tried by itself, so that no host which cannot do with shared ones keeps mail away.
     */
    boolean mayShare() {
        return !isRetry && !Verp.isMarked(sender);
    }

    /** The envelope sender, in VERP form if it was submitted so. */
    public String sender() {
        return sender;
    }

    /** Whether a delivery was started. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether nothing is known here but the number of its message. */
    boolean isUntouched() {
        return !begun && aside.isEmpty();
    }

    /** Whether what it defers has failed. */
    boolean isLast() {
        return last;
    }

    /** When the message is tried again if the pass leaves somebody undone. */
    long nextTry() {
        return nextTry;
    }

    /** Whether a recipient was deferred, could not be read or was put off. */
    boolean leavesWork() {
        return leavesWork;
    }

    /** Whether all has been started and all that was started has been settled. */
    boolean isOver() {
        return underway == 0 && walks == 0;
    }

    /** What the envelope says. */
    void read(long itsBirth, String itsSender) {
        isRead = true;
        birth = itsBirth;
        sender = itsSender;
    }

    /** The first delivery is about to start. */
    void begin(long now, long lifetime) {
        if (!begun) {
            begun = true;
            nextTry = RetrySchedule.nextTry(channel, birth, now);
            last = RetrySchedule.isLastTry(birth, now, lifetime);
        }
    }

    /** Leaves the recipients with a key to a walk of their own. */
    void setAside(String key) {
        if (aside.isEmpty()) {
            aside = new HashSet<>(4);
        }
        aside.add(key);
        walks++;
    }

    boolean hasSetAside() {
        return !aside.isEmpty();
    }

    boolean isAside(String key) {
        return aside.contains(key);
    }

    /** How many keys have a walk of their own. */
    int setAside() {
        return aside.size();
    }

    /** How many walks have not come to their end. */
    int walks() {
        return walks;
    }

    void walkEnded() {
        walks--;
    }

    /** A walk ends before its recipients have been tried: the next pass tries them. */
    void putOff() {
        walks--;
        leavesWork = true;
    }

    /** The same, because they cannot be read. */
    void unreadable(long tryAgainAt) {
        putOff();
        if (!begun) {
            nextTry = tryAgainAt;
        }
    }

    /** A delivery has started. */
    void started() {
        underway++;
    }

    /** A recipient was deferred. */
    void deferred() {
        leavesWork = true;
    }

    /** A delivery has ended, and who is done is marked so. */
    void settled() {
        underway--;
    }
}
