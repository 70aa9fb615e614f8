/**
 * Whose mailbox: the local side of delivery.
 *
 * <p>{@link org.tawnymail.local.LocalDelivery} takes a message and one recipient, finds the account that the address
 * belongs to ({@code users}), and delivers as that account's {@code .qmail} file says ({@code dotqmail}, {@code delivery})
 * into mailboxes ({@code mailbox}), to programs, or back into the queue. The programs that such files call are in {@code
 * commands}.
 *
 * <p>What must never happen: a delivery with user id 0; mail bounced because a look-up could not be made just now; a
 * report that says delivered before the mail is durable.
 */
@NullMarked
package org.tawnymail.local;

import org.jspecify.annotations.NullMarked;
