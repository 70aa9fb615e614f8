package org.tawnymail.send;

import java.util.ArrayList;
import java.util.List;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Outcome;

/**
 * The narrow port to what makes delivery attempts: one for local mailboxes, one for other hosts. In qmail it is the pair
 * qmail-lspawn and qmail-rspawn; where trust domains are processes of their own, the spawn protocol (core spec, section
 * 4.8) runs behind this port: {@link org.tawnymail.send.spawn.SpawnerConnection}.
 */
@FunctionalInterface
public interface DeliveryAgent {

    /** Whoever makes the deliveries is gone, and nobody will ever know what became of those under way. */
    final class Lost extends Exception {
        public Lost(String why) {
            super(why);
        }
    }

    /** The delivery has ended and its report is none: nobody knows how, so it is made again later. */
    final class Mangled extends Exception {
        public Mangled() {
            super("a report without a status");
        }
    }

    /**
     * Makes one attempt for one recipient, on the caller's thread, and blocks until its outcome is known and, if it was
     * delivered, durable.
     *
     * <p>Throws nothing else for anything that can happen to mail; another exception is a defect, and is taken for a
     * deferral.
     *
     * @param number the number of the message
     * @param message its bytes
     * @param sender the envelope sender, VERP already expanded
     * @param recipient the address after routing, virtual prepend included
     * @return the text goes to the log and, for a failure, into the bounce message
     */
    Outcome deliver(long number, MessageSource message, String sender, String recipient) throws Lost, Mangled;

    /**
     * Makes one attempt for several recipients of one domain, in the same way. For no more than {@link #mostTogether}.
     *
     * @param sender the same for all of them
     * @return an outcome for each of them, in their order
     */
    default List<Outcome> deliver(long number, MessageSource message, String sender, List<String> recipients)
            throws Lost, Mangled {
        List<Outcome> outcomes = new ArrayList<>(recipients.size());
        for (String recipient : recipients) {
            outcomes.add(deliver(number, message, sender, recipient));
        }
        return outcomes;
    }

    /** How many recipients it can take in one attempt: more than one only if that is worth it. */
    default int mostTogether() {
        return 1;
    }

    /** How many deliveries it makes at one time, at most. */
    default int capacity() {
        return Integer.MAX_VALUE;
    }
}
