/**
 * The simulated disk: what programs did to it, change by change, and what a loss of power would leave after each of them.
 *
 * <p>In: the operations of the queue ({@link org.tawnymail.queue.disk.Disk}) and of mailbox deliveries ({@link
 * org.tawnymail.local.mailbox.MailboxDisk}). Out: the list of changes, and states of the disk made from any first part of
 * it. It must never be kinder than a real disk may be.
 */
@NullMarked
package org.tawnymail.proof.disk;

import org.jspecify.annotations.NullMarked;
