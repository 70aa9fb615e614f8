package org.tawnymail.send.schedule;

import java.util.ArrayList;
import java.util.List;
import org.tawnymail.queue.Recipient;

/** Recipients of one page with the same key, in order of their index: those who may share a transaction. */
final class Group {

    private final String key;
    private final ArrayList<Recipient> recipients = new ArrayList<>(1);
    private int started;

    Group(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    void add(Recipient recipient) {
        recipients.add(recipient);
    }

    int unstarted() {
        return recipients.size() - started;
    }

    /** The index of the first one that is not started. */
    int index() {
        return recipients.get(started).index();
    }

    /** The next ones. */
    List<Recipient> take(int most) {
        int end = Math.min(started + most, recipients.size());
        List<Recipient> taken = List.copyOf(recipients.subList(started, end));
        started = end;
        return taken;
    }
}
