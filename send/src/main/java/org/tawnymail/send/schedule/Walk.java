package org.tawnymail.send.schedule;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;

/**
 * A way through the recipients of a message, in order, a page of them in memory at a time. Within a page those who may share a
 * transaction are together.
 *
 * <p>A pass begins with one walk, through everybody. Where that meets recipients who have to wait and others behind them who
 * need not, it sets their key aside: from there on a walk of its own goes to the recipients of that key, and the first one
 * passes over them. So each recipient belongs to exactly one walk, wherever each of them stands.
 */
public final class Walk {

    private final Pass pass;
    private final @Nullable String key;
    private final ArrayDeque<Group> page = new ArrayDeque<>(2);
    private int unstarted;
    private long next;

    /** Whether the page is in order of the index, so that what is left of it can be read again. */
    private boolean isInOrder = true;

    /** Through everybody. */
    Walk(Pass pass) {
        this(pass, null, RecipientPage.START);
    }

    private Walk(Pass pass, @Nullable String key, long next) {
        this.pass = pass;
        this.key = key;
        this.next = next;
    }

    public Pass pass() {
        return pass;
    }

    /** Whether it goes to everybody but those that were set aside. */
    boolean isMain() {
        return key == null;
    }

    /** Where the next page begins. */
    public long next() {
        return next;
    }

    boolean hasUnstarted() {
        return unstarted > 0;
    }

    boolean hasUnread() {
        return next != RecipientPage.END;
    }

    boolean isAtEnd() {
        return !hasUnstarted() && !hasUnread();
    }

    /** How many recipients of the page are not started. */
    int unstarted() {
        return unstarted;
    }

    /** What the next recipients may wait for; there must be some. */
    String headKey() {
        return page.element().key();
    }

    /** Takes the next recipients out of the page, all with one key. */
    List<Recipient> take(int most) {
        Group head = page.element();
        List<Recipient> taken = head.take(most);
        unstarted -= taken.size();
        if (head.unstarted() == 0) {
            page.remove();
        }
        return taken;
    }

    /**
     * Passes over the next recipients, all with one key.
     *
     * @return how many they are
     */
    int skip() {
        int skipped = page.remove().unstarted();
        unstarted -= skipped;
        return skipped;
    }

    /**
     * Takes up a page that was asked for.
     *
     * @param most no more are kept; the rest is read again
     * @param isTogether whether all with one key stand together
     */
    void read(RecipientPage recipients, int most, boolean isTogether) {
        next = recipients.next();
        isInOrder = !isTogether || key != null;
        Map<String, Group> groups = new HashMap<>();
        boolean areGrouped = isTogether || key != null;
        for (Recipient recipient : recipients.recipients()) {
            String its = FairShares.keyOf(pass.channel(), recipient.address());
            if (key == null ? pass.isAside(its) : !key.equals(its)) {
                continue;
            }
            if (unstarted == most) {
                next = recipient.index();
                return;
            }
            Group group = areGrouped ? groups.get(its) : null;
            if (group == null) {
                group = new Group(its);
                page.add(group);
                if (areGrouped) {
                    groups.put(its, group);
                }
            }
            group.add(recipient);
            unstarted++;
        }
    }

    /** The rest cannot be read. */
    void end() {
        page.clear();
        unstarted = 0;
        next = RecipientPage.END;
    }

    /**
     * Lets the page go if it can be read again.
     *
     * @return how many recipients it had
     */
    int forgetPage() {
        if (!hasUnstarted() || !isInOrder) {
            return 0;
        }
        int forgotten = unstarted;
        next = page.element().index();
        page.clear();
        unstarted = 0;
        return forgotten;
    }

    /** Leaves those with the next recipient's key to a walk of their own. */
    Walk setAside() {
        String waiting = headKey();
        Walk aside = new Walk(pass, waiting, next);
        for (Iterator<Group> rest = page.iterator(); rest.hasNext(); ) {
            Group group = rest.next();
            if (group.key().equals(waiting)) {
                aside.page.add(group);
                aside.unstarted += group.unstarted();
                unstarted -= group.unstarted();
                rest.remove();
            }
        }
        pass.setAside(waiting);
        return aside;
    }
}
