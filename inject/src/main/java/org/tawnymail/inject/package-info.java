/**
 * The local way in: programs that take a message from a person or a program of this machine and queue it.
 *
 * <p>{@link org.tawnymail.inject.QmailInject} completes the header, finds the recipients and submits; the others prepare
 * its input or its arguments: {@link org.tawnymail.inject.Sendmail} for programs that know no other mailer, {@link
 * org.tawnymail.inject.Mailsubj} for scripts, {@link org.tawnymail.inject.Predate} for mail readers that want local time
 * (core spec, sections 3 and 11.3).
 *
 * <p>What must never happen: a message goes to a recipient that its author did not name, or {@code Bcc} leaves the house.
 */
@NullMarked
package org.tawnymail.inject;

import org.jspecify.annotations.NullMarked;
