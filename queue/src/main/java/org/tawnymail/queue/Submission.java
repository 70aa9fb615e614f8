package org.tawnymail.queue;

import java.io.OutputStream;

/**
 * One message on its way into the queue: first its bytes, then its envelope, as qmail-queue reads descriptors 0 and 1
 * (core spec, section 2.1).
 *
 * <p>Used by one thread. Closing it without a commit leaves nothing behind.
 */
public interface Submission extends AutoCloseable {

    /**
     * Where the message goes, without the {@code Received} line that the queue itself puts in front. A write never
     * fails: trouble is remembered and is the answer of {@link #commit}.
     */
    OutputStream message();

    /**
     * Submits the envelope. When the answer is {@link QueueResult.Accepted}, the message survives a loss of power.
     *
     * @param sender the reverse-path: empty for the null sender, at most 1002 bytes, no NUL
     * @param recipients each at most 1002 bytes, no NUL; may be none at all; is gone through once
     */
    QueueResult commit(String sender, Iterable<String> recipients);

    /** Abandons the message if it was not committed: the queue forgets what was written. */
    @Override
    void close();
}
