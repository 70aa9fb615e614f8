package org.tawnymail.assembly;

import java.util.List;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Outcome;
import org.tawnymail.remote.RemoteDelivery;
import org.tawnymail.send.DeliveryAgent;

/** Joins qmail-send to the deliveries to other hosts within one process. */
record RemoteAgent(RemoteDelivery remote) implements DeliveryAgent {

    @Override
    public Outcome deliver(long number, MessageSource message, String sender, String recipient) {
        return remote.deliver(message, sender, recipient);
    }

    @Override
    public List<Outcome> deliver(long number, MessageSource message, String sender, List<String> recipients) {
        return remote.deliver(message, sender, recipients);
    }

    @Override
    public int mostTogether() {
        return remote.canShare() ? Integer.MAX_VALUE : 1;
    }
}
