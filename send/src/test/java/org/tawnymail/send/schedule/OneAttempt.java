package org.tawnymail.send.schedule;

import java.util.List;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Recipient;

/** A delivery attempt outside any schedule, for tests of what is done with one. */
public final class OneAttempt {

    /** The first attempt of a message at one recipient. */
    public static Delivery at(long number, Channel channel, long message, String recipient) {
        Pass pass = new Pass(channel, message, false);
        Slot slot = new FairShares(10).started(recipient, pass, 0);
        return new Delivery(number, pass, List.of(new Recipient(0, recipient)), slot);
    }

    private OneAttempt() {}
}
