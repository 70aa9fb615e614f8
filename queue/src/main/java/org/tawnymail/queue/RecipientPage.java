package org.tawnymail.queue;

import java.util.List;

/**
 * Some of the recipients of a message, so that a list of a hundred thousand is never held as objects.
 *
 * @param recipients in order of their index
 * @param next the index from which to get those that follow, or {@link #END} if there are none
 */
public record RecipientPage(List<Recipient> recipients, long next) {

    /** Where the first page begins. */
    public static final long START = 0;

    /** There is no further page. */
    public static final long END = -1;

    public RecipientPage {
        recipients = List.copyOf(recipients);
    }
}
