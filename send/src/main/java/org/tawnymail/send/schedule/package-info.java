/**
 * What qmail-send decides: a deterministic state machine without input, output, threads or a clock of its own.
 *
 * <p>{@link org.tawnymail.send.schedule.Schedule} is the door: events and the time go in, {@link
 * org.tawnymail.send.schedule.Effect}s come out, and whoever carries them out answers. {@code ChannelSchedule} says who is next on
 * a channel, {@code FairShares} who has had enough for now, {@link org.tawnymail.send.schedule.RetrySchedule} when to try again. A
 * message is tried in a {@link org.tawnymail.send.schedule.Pass}, whose {@link org.tawnymail.send.schedule.Walk}s go to its
 * recipients; each attempt is a {@link org.tawnymail.send.schedule.Delivery}.
 *
 * <p>What must never happen: a slot, a pass or a message is forgotten; a letter to many, or a host that is slow, keeps the mail of
 * others waiting; something is tried again and again without time in between; what waits costs more than a few octets.
 */
@NullMarked
package org.tawnymail.send.schedule;

import org.jspecify.annotations.NullMarked;
