/**
 * Mail for other hosts: qmail-remote and what qmail-rspawn makes of it (core spec, section 7).
 *
 * <p>In comes a message, its sender, and a recipient whose host is not this one. {@link org.tawnymail.remote.RemoteDelivery}
 * makes the attempt for qmail-send, with connections that outlive it; {@link org.tawnymail.remote.QmailRemote} is the program
 * for everybody else. Both use one {@code Transfer}: find the hosts ({@code remote.host}), talk to one of them ({@code
 * remote.smtp}). Out goes an outcome whose text is what a person reads in the log or in a bounce.
 *
 * <p>What must never happen: mail is reported as delivered that no host took; trouble of this host or of the network makes mail
 * bounce; one dead or slow host holds up the mail for all others.
 */
@NullMarked
package org.tawnymail.remote;

import org.jspecify.annotations.NullMarked;
