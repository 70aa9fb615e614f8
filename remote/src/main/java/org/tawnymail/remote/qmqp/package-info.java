/**
 * A host without a queue: {@link org.tawnymail.remote.qmqp.QmailQmqpc} stands in the place of qmail-queue and hands each
 * message to another host by QMQP (core spec, section 9.4).
 *
 * <p>What comes in: a message on descriptor 0, an envelope on descriptor 1. What goes out: one {@link
 * org.tawnymail.remote.qmqp.QmqpRequest} to the first of the {@link org.tawnymail.remote.qmqp.QmqpServers} that can be reached.
 *
 * <p>What must never happen: success for a message that no server has taken; a message given to two servers.
 */
@NullMarked
package org.tawnymail.remote.qmqp;

import org.jspecify.annotations.NullMarked;
