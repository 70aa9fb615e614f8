/**
 * The network's way in: {@link org.tawnymail.receive.QmailSmtpd} and {@link org.tawnymail.receive.QmailQmtpd} take mail from
 * strangers, {@link org.tawnymail.receive.QmailQmqpd} from our own hosts that have no queue (core spec, sections 8 and 9).
 *
 * <p>What comes in: one connection on descriptors 0 and 1, and the variables that tcpserver set. What goes out: a message
 * for the queue with a {@code Received} field on top, and its envelope. Nothing else is written anywhere.
 *
 * <p>A session of QMTP reads top to bottom in {@link org.tawnymail.receive.QmtpPackages}; its client is a {@link
 * org.tawnymail.receive.NetstringPeer}, and its recipients go into the queue as they come. One of SMTP reads top to bottom in {@link org.tawnymail.receive.SmtpSession}: {@link
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
