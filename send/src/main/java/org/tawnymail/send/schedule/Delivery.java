package org.tawnymail.send.schedule;

import java.util.List;
import org.tawnymail.queue.Recipient;

/**
 * One delivery attempt: for one recipient, or for several who share a transaction. Each recipient's attempt has a number of its
 * own, by which the log knows it.
 *
 * @param number that of the first recipient's attempt; 1 for the first of this qmail-send, and so on
 * @param pass the message, the channel, the sender
 * @param recipients at least one, in order of their index
 * @param slot what it uses of the channel
 */
public record Delivery(long number, Pass pass, List<Recipient> recipients, Slot slot) {

    public long message() {
        return pass.message();
    }

    public int size() {
        return recipients.size();
    }

    /** The number of one recipient's attempt. */
    public long number(int place) {
        return number + place;
    }

    public String address(int place) {
        return recipients.get(place).address();
    }
}
