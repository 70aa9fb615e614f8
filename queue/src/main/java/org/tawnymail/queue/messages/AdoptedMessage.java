package org.tawnymail.queue.messages;

import java.io.IOException;
import java.io.InputStream;
import org.tawnymail.queue.Channel;

/**
 * One message of an old queue on its way in. Order: {@link #body}, {@link #envelope}, recipients of the one or the other
 * kind, perhaps {@link #bounceText}, {@link #commit}. Closing it without a commit leaves nothing behind.
 */
public interface AdoptedMessage extends AutoCloseable {

    /** Its bytes, the {@code Received} line that the old qmail-queue put in front included. */
    void body(InputStream in) throws IOException;

    void envelope(AdoptedEnvelope envelope) throws IOException;

    /** A recipient as submitted, of a message that is not routed. */
    void recipient(String address) throws IOException;

    /** A recipient as the old qmail-send has rewritten it. */
    void recipient(Channel channel, String address, boolean done) throws IOException;

    /** What the old qmail-send wrote for the sender about recipients that failed; may be empty. */
    void bounceText(InputStream in) throws IOException;

    /** Hands it to the queue; it is safe there only when {@link Adoption#settle} says so. */
    void commit() throws IOException;

    @Override
    void close();
}
