/**
 * When and in what order: qmail-send.
 *
 * <p>It watches the {@linkplain org.tawnymail.queue.Queue queue}, decides which way each recipient goes, makes attempts
 * through a {@link org.tawnymail.send.DeliveryAgent} for each channel, tries again by qmail's schedule, bounces what failed,
 * and writes the delivery log. {@link org.tawnymail.send.QmailSend} is the whole of it for whoever assembles a server.
 *
 * <p>In the middle stands {@link org.tawnymail.send.schedule.Schedule}, a deterministic state machine with a room of its own.
 * Around it, {@code QueueWork} carries out what concerns the queue, {@code Deliveries} and {@code Bounces} what takes time and runs
 * beside, {@code DeliveryLog} what is to be told; {@code Inbox} is how they report back to the one thread.
 *
 * <p>What must never happen: a recipient is marked done before the report of a failure is in the bounce text; a slot, a
 * pass or a message is forgotten, whatever an agent or the queue throws; a full disk, a slow host, a slow mailbox or a
 * slow logger stops the mail of others; something is tried again and again without time in between.
 */
@NullMarked
package org.tawnymail.send;

import org.jspecify.annotations.NullMarked;
