package org.tawnymail.send;

import org.tawnymail.queue.Recipient;

/**
 * One delivery attempt.
 *
 * @param number 1 for the first of this qmail-send, and so on
 * @param pass the message, the channel, the sender
 * @param slot what it uses of the channel
 */
record Delivery(long number, Pass pass, Recipient recipient, Slot slot) {

    long message() {
        return pass.message();
    }
}
