package org.tawnymail.queue;

import java.time.Instant;

/**
 * What the queue knows of a message besides its bytes and its recipients.
 *
 * @param number the message number; given once, never used again
 * @param birth when it was accepted
 * @param size bytes, the {@code Received} line of qmail-queue included
 * @param sender the reverse-path as submitted: possibly empty, {@code #@[]}, or in VERP form with {@code -@[]}
 * @param qp the submission's number in replies and logs
 * @param uid the user id of the submitter
 * @param recipients how many recipients were submitted
 */
public record Envelope(long number, Instant birth, long size, String sender, long qp, int uid, int recipients) {}
