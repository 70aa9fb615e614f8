/**
 * POP3 (RFC 1939) as qmail speaks it: qmail-popup before the password, qmail-pop3d after it (core spec, section 10).
 *
 * <p>The chain is {@code qmail-popup HOST checkpassword qmail-pop3d Maildir}. qmail-popup asks for name and password and
 * hands them on; it never learns whether they are right. What checks them starts qmail-pop3d as the owner of the
 * mailbox, in the owner's directory.
 *
 * <p>What must never happen: a message leaves the Maildir that was not both deleted and confirmed with QUIT; a session
 * sees another directory than its own; memory that grows with the size of a message or of a line.
 */
@NullMarked
package org.tawnymail.pickup.pop3;

import org.jspecify.annotations.NullMarked;
