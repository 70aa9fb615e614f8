package org.tawnymail.send;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;

/**
 * A way through the recipients of a message, in order, a page of them in memory at a time.
 *
 * <p>A pass begins with one walk, through everybody. Where that meets recipients who have to wait and others behind them who
 * need not, it sets their key aside: from there on a walk of its own goes to the recipients of that key, and the first one
 * passes over them. So each recipient belongs to exactly one walk, wherever each of them stands.
 */
final class Walk {

    private final Pass pass;
    private final @Nullable String key;
    private final ArrayDeque<Recipient> page = new ArrayDeque<>(2);
    private long next;

    /** Through everybody. */
    Walk(Pass pass) {
        this(pass, null, RecipientPage.START);
    }

    private Walk(Pass pass, @Nullable String key, long next) {
        this.pass = pass;
        this.key = key;
        this.next = next;
    }

    Pass pass() {
        return pass;
    }

    /** Whether it goes to everybody but those that were set aside. */
    boolean isMain() {
        return key == null;
    }

    /** Where the next page begins. */
    long next() {
        return next;
    }

    boolean hasUnstarted() {
        return !page.isEmpty();
    }

    boolean hasUnread() {
        return next != RecipientPage.END;
    }

    boolean isAtEnd() {
        return !hasUnstarted() && !hasUnread();
    }

    /** How many recipients of the page are not started. */
    int unstarted() {
        return page.size();
    }

    /** What the next recipient may wait for; there must be one. */
    String headKey() {
        return key != null ? key : keyOf(page.element());
    }

    /** Takes the next recipient out of the page. */
    Recipient take() {
        return page.remove();
    }

    /**
     * Takes up a page that was asked for.
     *
     * @param most no more are kept; the rest is read again
     */
    void read(RecipientPage recipients, int most) {
        next = recipients.next();
        for (Recipient recipient : recipients.recipients()) {
            if (isMine(recipient)) {
                if (page.size() == most) {
                    next = recipient.index();
                    return;
                }
                page.add(recipient);
            }
        }
    }

    /** The rest cannot be read. */
    void end() {
        page.clear();
        next = RecipientPage.END;
    }

    /** Lets the page go; it is read again. */
    void forgetPage() {
        if (hasUnstarted()) {
            next = page.element().index();
            page.clear();
        }
    }

    /** Leaves those with the next recipient's key to a walk of their own. */
    Walk setAside() {
        String waiting = headKey();
        Walk aside = new Walk(pass, waiting, next);
        for (Iterator<Recipient> rest = page.iterator(); rest.hasNext(); ) {
            Recipient recipient = rest.next();
            if (keyOf(recipient).equals(waiting)) {
                aside.page.add(recipient);
                rest.remove();
            }
        }
        pass.setAside(waiting);
        return aside;
    }

    private boolean isMine(Recipient recipient) {
        if (key == null && !pass.hasSetAside()) {
            return true;
        }
        String its = keyOf(recipient);
        return key == null ? !pass.isAside(its) : Objects.equals(key, its);
    }

    private String keyOf(Recipient recipient) {
        return FairShares.keyOf(pass.channel(), recipient.address());
    }
}
