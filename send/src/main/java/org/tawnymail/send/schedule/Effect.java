package org.tawnymail.send.schedule;

import java.util.List;
import org.tawnymail.base.Outcome;

/**
 * What the {@link Schedule} wants done. Whoever carries the effects out does so in order, and tells the schedule about
 * those that have an answer.
 */
public sealed interface Effect {

    /**
     * Route the message if it is not yet; answer {@link Schedule#routed}, {@link Schedule#prepared} or {@link
     * Schedule#notPrepared}.
     */
    record Prepare(long message) implements Effect {}

    /** Read recipients; answer {@link Schedule#page} or {@link Schedule#unreadable}. */
    record ReadRecipients(Walk walk, int limit) implements Effect {}

    /** Log the start of a delivery and make it; answer {@link Schedule#outcome} when its outcomes are known. */
    record Start(Delivery delivery) implements Effect {}

    /**
     * Log what became of a delivery.
     *
     * @param outcomes one for each recipient
     */
    record Report(Delivery delivery, List<Outcome> outcomes) implements Effect {}

    /** Log that nobody knows what became of a delivery. */
    record ReportMangled(Delivery delivery) implements Effect {}

    /**
     * Append to the bounce text for those who failed, then mark them and those who have the mail done; answer {@link
     * Schedule#settled}.
     *
     * @param outcomes one for each recipient
     */
    record Settle(Delivery delivery, List<Outcome> outcomes) implements Effect {}

    /** Log the status line. */
    record ShowStatus(int local, int remote, boolean exiting) implements Effect {}

    /** Bounce what failed and remove the message; answer {@link Schedule#notConcluded} if it has to be tried again. */
    record Conclude(long message) implements Effect {}
}
