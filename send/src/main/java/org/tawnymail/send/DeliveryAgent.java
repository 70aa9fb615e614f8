package org.tawnymail.send;

import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Outcome;

/**
 * The narrow port to what makes delivery attempts: one for local mailboxes, one for other hosts. In qmail it is the pair
 * qmail-lspawn and qmail-rspawn; where trust domains are processes of their own, the spawn protocol (core spec, section
 * 4.8) runs behind this port.
 */
@FunctionalInterface
public interface DeliveryAgent {

    /**
     * Makes one attempt for one recipient, on the caller's thread, and blocks until its outcome is known and, if it was
     * delivered, durable.
     *
     * <p>Never throws for anything that can happen to mail; an exception is a defect, and is taken for a deferral.
     *
     * @param message the bytes
     * @param sender the envelope sender, VERP already expanded
     * @param recipient the address after routing, virtual prepend included
     * @return the text goes to the log and, for a failure, into the bounce message
     */
    Outcome deliver(MessageSource message, String sender, String recipient);
}
