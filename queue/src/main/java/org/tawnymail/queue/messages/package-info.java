/**
 * The messages in the queue: what the records of the journal mean, and the table that is derived from them.
 *
 * <p>{@link org.tawnymail.queue.messages.JournalQueue} is the queue: new mail comes in by its {@link
 * org.tawnymail.queue.messages.Acceptance}, mail of an old qmail queue by an {@link org.tawnymail.queue.messages.Adoption}, and
 * qmail-send works on what is there. In memory there are some three hundred bytes for each message, those of qmail-send included, whatever its size ({@link
 * org.tawnymail.queue.messages.QueuedMessage}); envelopes, recipients and bodies are read from the journal, or from memory
 * as long as they are fresh.
 *
 * <p>Every change is made to the table and appended to the journal under the lock of its message, so the journal has the
 * changes of one message in the order in which they were made. Records can be repeated without harm: each sets something,
 * none adds to it. That is what lets the {@link org.tawnymail.queue.messages.Cleaner} append the state of a message again
 * and drop the segment where it was.
 *
 * <p>What must never happen: a segment is dropped that holds the only record of something that is needed; of two copies of
 * a message one comes to life again after it was finished.
 */
@NullMarked
package org.tawnymail.queue.messages;

import org.jspecify.annotations.NullMarked;
