/**
 * Mailboxes: Maildirs and mbox files, and when a delivery into one of them is durable (core spec, sections 6.9, 6.10,
 * 13.2 and 13.3).
 *
 * <p>In come the bytes of a message and the lines that a delivery puts in front of them; out comes nothing, or a {@link
 * org.tawnymail.base.program.Complaint} with qmail's text. All access to the disk goes through {@link
 * org.tawnymail.local.mailbox.MailboxDisk}, so that another disk can be put below.
 *
 * <p>What must never happen: a delivery is reported that a loss of power could undo; a reader sees part of a message;
 * a mailbox that is missing or full makes mail bounce.
 */
@NullMarked
package org.tawnymail.local.mailbox;

import org.jspecify.annotations.NullMarked;
