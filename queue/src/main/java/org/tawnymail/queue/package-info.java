/**
 * The queue: where a message is safe from the moment it is accepted until every recipient has it or the sender was told.
 *
 * <p>Mail comes in through a {@link org.tawnymail.queue.QueuePort}, which is qmail-queue's interface as an object;
 * {@link org.tawnymail.queue.QueueClient} is how a program submits, with {@code QMAILQUEUE} honoured. qmail-send works
 * on {@link org.tawnymail.queue.Queue}. Both are {@code messages.JournalQueue}, which stands on the {@code journal} and the
 * {@code disk}; {@code door} is the way in for other processes, {@code program} has the programs, {@code adopt} takes an old
 * queue over, {@code salvage} gets mail out of a damaged one.
 *
 * <p>What must never happen: a message is acknowledged before it would survive a loss of power; a recipient is marked
 * done who is not; a state of the disk keeps the queue from starting.
 */
@NullMarked
package org.tawnymail.queue;

import org.jspecify.annotations.NullMarked;
