/**
 * The whole: the table of programs, the launcher that gives each its own name in {@code bin/}, and {@code serve}, which
 * puts all rooms together into one running mail system.
 *
 * <p>Nothing of mail is decided here. {@link org.tawnymail.assembly.Programs} knows how each program is made; {@link
 * org.tawnymail.assembly.MailServer} joins queue, send, local, remote and the listeners in one process, and can be embedded;
 * {@link org.tawnymail.assembly.Playground} makes a home at the first run; {@link
 * org.tawnymail.assembly.check.ConfigurationCheck} finds mistakes before they cost mail. {@code install} puts the whole on a disk, {@code config} says
 * who the host is, {@code adopt} moves into the home of a qmail.
 *
 * <p>What must never happen: mail is touched with uid 0; a wrong setting ends in a stack trace.
 */
@NullMarked
package org.tawnymail.assembly;

import org.jspecify.annotations.NullMarked;
