package org.tawnymail.receive;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;

/**
 * A message on its way from a connection into the queue: counts its hops and bytes, and gives up handing it on when there
 * are too many. Abandoned if it is closed before {@link #commit}.
 */
final class IncomingMessage implements AutoCloseable, DataDecoder.Sink {

    /** So many hops are a loop (core spec, section 14.1). */
    private static final int MOST_HOPS = 100;

    private static final int ANY_NUMBER_OF_HOPS = Integer.MAX_VALUE;

    private final Submission submission;
    private final OutputStream queue;
    private final OptionalLong sizeLimit;
    private final int mostHops;
    private final HopCounter header = new HopCounter();
    private long size;
    private boolean broken;

    private IncomingMessage(Submission submission, byte[] received, OptionalLong sizeLimit, int mostHops) {
        this.submission = submission;
        this.queue = submission.message();
        this.sizeLimit = sizeLimit;
        this.mostHops = mostHops;
        write(received, 0, received.length);
    }

    /**
     * A message whose hops count.
     *
     * @param received the field on top, which does not count for the size
     * @param sizeLimit the largest size of the decoded message in bytes, if there is a limit
     */
    static IncomingMessage ofLimitedHops(Submission submission, byte[] received, OptionalLong sizeLimit) {
        return new IncomingMessage(submission, received, sizeLimit, MOST_HOPS);
    }

    /** A message by a protocol in which hops do not count: QMTP and QMQP (core spec, section 9.2). */
    static IncomingMessage of(Submission submission, byte[] received, OptionalLong sizeLimit) {
        return new IncomingMessage(submission, received, sizeLimit, ANY_NUMBER_OF_HOPS);
    }

    /** A piece of the message. */
    @Override
    public void take(byte[] bytes, int from, int to) {
        header.take(bytes, from, to);
        size += to - from;
        if (!isLooping() && !isTooLarge()) {
            write(bytes, from, to);
        }
    }

    boolean isLooping() {
        return header.hops() >= mostHops;
    }

    boolean isTooLarge() {
        return sizeLimit.isPresent() && size > sizeLimit.getAsLong();
    }

    /** Queues it, unless it loops or is too large. */
    QueueResult commit(String sender, Iterable<String> recipients) {
        if (isLooping() || isTooLarge()) {
            throw new IllegalStateException("not to be queued");
        }
        return broken
                ? new QueueResult.Refused(false, "qq write error or disk full (#4.3.0)")
                : submission.commit(sender, recipients);
    }

    @Override
    public void close() {
        submission.close();
    }

    private void write(byte[] bytes, int from, int to) {
        try {
            queue.write(bytes, from, to - from);
        } catch (IOException e) {
            // A submission remembers its own trouble; if one throws all the same, the mail must not count as queued.
            broken = true;
        }
    }
}
