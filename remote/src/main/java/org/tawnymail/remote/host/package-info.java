/**
 * Which hosts a message may go to, and in what order (core spec, sections 7.3 and 7.7; RFC 5321, section 5).
 *
 * <p>{@link org.tawnymail.remote.host.Routes} are the operator's word; without one, {@link
 * org.tawnymail.remote.host.MailExchangers} asks the DNS. {@link org.tawnymail.remote.host.DeadHosts} remembers which
 * addresses did not answer lately.
 *
 * <p>What must never happen: mail goes back to this host because the DNS says so; a name server that is out of reach makes
 * mail bounce.
 */
@NullMarked
package org.tawnymail.remote.host;

import org.jspecify.annotations.NullMarked;
