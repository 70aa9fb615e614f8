package org.tawnymail.queue;

/** qmail-queue's answer to a submission. */
public sealed interface QueueResult {

    /**
     * The message is queued and durable.
     *
     * @param qp the number that replies and log lines call {@code qp}
     */
    record Accepted(long qp) implements QueueResult {}

    /**
     * The message is not queued.
     *
     * @param permanent whether trying again is pointless
     * @param text what the caller tells its own client, such as {@code qq write error or disk full (#4.3.0)}; without
     *     the letter D or Z that stands before it in the tables of the core spec, section 2.6
     */
    record Refused(boolean permanent, String text) implements QueueResult {}
}
