/**
 * The network's way in: {@link org.tawnymail.receive.QmailSmtpd} takes mail from strangers (core spec, section 8).
 *
 * <p>What comes in: one connection on descriptors 0 and 1, and the variables that tcpserver set. What goes out: a message
 * for the queue with a {@code Received} field on top, and its envelope. Nothing else is written anywhere.
 *
 * <p>A session reads top to bottom in {@link org.tawnymail.receive.SmtpSession}: {@link
 * org.tawnymail.receive.SmtpInput} gives it command lines and message bytes, {@link org.tawnymail.receive.DataDecoder}
 * finds the end of the message, {@link org.tawnymail.receive.IncomingMessage} counts its hops and bytes, {@link
 * org.tawnymail.receive.SmtpOutput} sends the replies of a whole pipeline in one go.
 *
 * <p>What must never happen: "250 ok" for a message that is not safe in the queue; an end of the message where another
 * server would not see one; a recipient accepted that nobody allowed; memory that grows with what a stranger sends.
 */
@NullMarked
package org.tawnymail.receive;

import org.jspecify.annotations.NullMarked;
