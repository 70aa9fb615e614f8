package org.tawnymail.receive;

import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tawnymail.queue.QueueResult;

/**
 * Recipients that go into the queue as they come from the network, so that their number costs no memory. What is wrong with
 * the rest of the request shows while the queue takes them, and then it takes nothing.
 */
final class StreamedRecipients implements Iterable<String> {

    /** Where they come from. */
    interface Source {

        /** The next; nothing at their end, behind which everything that must hold for the request has been checked. */
        Optional<String> next() throws IOException;
    }

    /** The source failed in the middle of a submission, whose interface knows no such trouble. */
    private static final class Broken extends RuntimeException {

        private final IOException trouble;

        private Broken(IOException trouble) {
            super(trouble);
            this.trouble = trouble;
        }
    }

    private final Source source;
    private @Nullable String ahead;
    private boolean ended;

    StreamedRecipients(Source source) {
        this.source = source;
    }

    /** Whether there are any more. */
    boolean hasMore() throws IOException {
        if (ahead == null && !ended) {
            ahead = source.next().orElse(null);
            ended = ahead == null;
        }
        return ahead != null;
    }

    /** Reads them to their end and forgets them. */
    void skip() throws IOException {
        while (hasMore()) {
            ahead = null;
        }
    }

    /**
     * Queues a message for them.
     *
     * @throws IOException if the source did: then nothing is queued
     */
    QueueResult commit(IncomingMessage message, String sender) throws IOException {
        try {
            return message.commit(sender, this);
        } catch (Broken broken) {
            throw broken.trouble;
        }
    }

    /** Gone through once. */
    @Override
    public Iterator<String> iterator() {
        return new Iterator<>() {

            @Override
            public boolean hasNext() {
                try {
                    return hasMore();
                } catch (IOException trouble) {
                    throw new Broken(trouble);
                }
            }

            @Override
            public String next() {
                String next = hasNext() ? ahead : null;
                if (next == null) {
                    throw new NoSuchElementException();
                }
                ahead = null;
                return next;
            }
        };
    }
}
