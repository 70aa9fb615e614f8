/**
 * For people who read mail on this machine with programs that know mbox files only: {@code maildir2mbox}, {@code elq} and its
 * kin, and {@code maildirwatch} (core spec, section 11.2).
 *
 * <p>In come the messages of a Maildir, listed as qmail-pop3d lists them; out goes an mbox, or a page on a terminal.
 *
 * <p>What must never happen: a message leaves the Maildir before it is durable in the mbox; what another program appends
 * to the mbox meanwhile is lost; octets of a message reach a terminal that would obey them.
 */
@NullMarked
package org.tawnymail.pickup.reader;

import org.jspecify.annotations.NullMarked;
