package org.tawnymail.send;

import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;

/**
 * One walk through the recipients of a message on one channel who are not done: each is attempted once, and what is
 * deferred waits for the next pass (core spec, section 4.6). Holds one page of recipients at a time.
 *
 * <p>The next attempt and whether this one is the last are decided when the first delivery starts.
 */
final class Pass {

    private static final Recipient[] NOBODY = {};

    private final Channel channel;
    private final long message;
    private String sender = "";
    private long birth;

    private Recipient[] page = NOBODY;
    private int firstUnstarted;
    private long next = RecipientPage.START;

    private boolean begun;
    private boolean last;
    private long nextTry;
    private int underway;
    private boolean leavesWork;

    Pass(Channel channel, long message) {
        this.channel = channel;
        this.message = message;
    }

    Channel channel() {
        return channel;
    }

    long message() {
        return message;
    }

    /** The envelope sender, in VERP form if it was submitted so. */
    String sender() {
        return sender;
    }

    /** Where the next page begins. */
    long next() {
        return next;
    }

    /** Whether this pass has started a delivery. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether what it defers has failed. */
    boolean isLast() {
        return last;
    }

    /** When the message is tried again if the pass leaves somebody undone. */
    long nextTry() {
        return nextTry;
    }

    /** Whether a recipient was deferred or could not be read. */
    boolean leavesWork() {
        return leavesWork;
    }

    boolean hasUnstarted() {
        return firstUnstarted < page.length;
    }

    boolean hasUnread() {
        return next != RecipientPage.END;
    }

    /** Whether all has been started and all that was started has been settled. */
    boolean isOver() {
        return underway == 0 && !hasUnstarted() && !hasUnread();
    }

    int unstarted() {
        return page.length - firstUnstarted;
    }

    /** One of the unstarted recipients of the page. */
    Recipient unstarted(int place) {
        return page[firstUnstarted + place];
    }

    void read(long itsBirth, String itsSender, RecipientPage recipients) {
        birth = itsBirth;
        sender = itsSender;
        page = recipients.recipients().toArray(NOBODY);
        firstUnstarted = 0;
        next = recipients.next();
    }

    /** The rest of the recipients cannot be read now. */
    void unreadable(long tryAgainAt) {
        page = NOBODY;
        firstUnstarted = 0;
        next = RecipientPage.END;
        leavesWork = true;
        if (!begun) {
            nextTry = tryAgainAt;
        }
    }

    /** Takes one of the unstarted recipients out of the page, to start a delivery. */
    Recipient start(int place, long now, long lifetime) {
        if (!begun) {
            begun = true;
            nextTry = RetrySchedule.nextTry(channel, birth, now);
            last = RetrySchedule.isLastTry(birth, now, lifetime);
        }
        Recipient recipient = unstarted(place);
        System.arraycopy(page, firstUnstarted, page, firstUnstarted + 1, place);
        firstUnstarted++;
        underway++;
        return recipient;
    }

    void deferred() {
        underway--;
        leavesWork = true;
    }

    void settled() {
        underway--;
    }
}
