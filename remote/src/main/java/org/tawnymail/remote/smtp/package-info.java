/**
 * How a message gets to a host: the SMTP client (core spec, sections 7.5 and 7.6; RFC 5321).
 *
 * <p>A {@link org.tawnymail.remote.smtp.SmtpSession} is one connection whose greeting is done; it carries one
 * {@link org.tawnymail.remote.smtp.Letter} after another, each in a transaction of its own. {@link
 * org.tawnymail.remote.smtp.Connections} gives every host its share of connections and keeps them for the next letter.
 * What became of a letter is a {@link org.tawnymail.remote.smtp.Report}, the output of qmail-remote as an object.
 *
 * <p>What must never happen: a recipient is reported as accepted whose host did not say so; the text of a message goes out
 * a second time in one attempt; a final dot is sent after text that is not whole; a host can make this side wait or remember
 * without bound.
 */
@NullMarked
package org.tawnymail.remote.smtp;

import org.jspecify.annotations.NullMarked;
