package org.tawnymail.send;

import org.tawnymail.queue.Recipient;

/**
 * One delivery attempt.
 *
 * @param number 1 for the first of this qmail-send, and so on
 * @param pass the message, the channel, the sender
 * @param share whose share of the slots it uses: see {@link FairShares#keyOf}
 */
record Delivery(long number, Pass pass, Recipient recipient, String share) {

    long message() {
        return pass.message();
    }
}
