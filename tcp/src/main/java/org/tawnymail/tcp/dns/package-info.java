/**
 * What the programs ask of the domain name system: addresses, mail exchangers, names of addresses, text.
 *
 * <p>A {@link org.tawnymail.tcp.dns.Resolver} answers with one of four things, and a caller has to say what it does with
 * each: found, no such name, no data of this kind, and trouble that may pass. {@link org.tawnymail.tcp.dns.DnsResolver}
 * asks real servers (companions spec, section 0.5); a test passes in a table.
 *
 * <p>What must never happen: trouble that may pass is taken for "there is none", for then mail bounces that would have
 * arrived an hour later; {@code /etc/hosts} decides where mail goes.
 */
@NullMarked
package org.tawnymail.tcp.dns;

import org.jspecify.annotations.NullMarked;
