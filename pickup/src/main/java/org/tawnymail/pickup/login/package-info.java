/**
 * Who may read which mailbox: programs with the interface of checkpassword (core spec, section 10.2; companions spec,
 * section 8.1).
 *
 * <p>Each reads a name and a password from descriptor 3 and, if they belong together, runs the next program in the
 * account's directory. {@link org.tawnymail.pickup.login.Checkpassword} knows the accounts of the system, {@link
 * org.tawnymail.pickup.login.Checkmailbox} those of {@code users/mailboxes}, which {@link
 * org.tawnymail.pickup.login.MailboxAccounts} reads and writes. A site's own program may stand in their place.
 *
 * <p>What must never happen: a password in a message, a log or a file; an answer, or the time it takes, that tells an
 * unknown name from a wrong password; a flood of logins that takes the processors from the mail.
 */
@NullMarked
package org.tawnymail.pickup.login;

import org.jspecify.annotations.NullMarked;
