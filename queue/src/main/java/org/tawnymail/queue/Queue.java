package org.tawnymail.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.tawnymail.base.MessageSource;

/**
 * The queue as qmail-send works on it. All of its state is in the journal; what is asked for here is read from there or
 * from a small table in memory. Safe for use by many threads.
 *
 * <p>The life of a message: accepted, {@linkplain #route routed}, its recipients {@linkplain #done done} or {@linkplain
 * #failed failed} one by one, {@linkplain #finish finished}.
 *
 * <p>A disk may damage what it holds. What of a message is not what was accepted is never handed out: whoever asks for it
 * gets a {@link DamagedMessage}, of the envelope as of the text. One whose text is damaged can still be given up in the
 * usual way; one whose envelope is, is {@linkplain #setAside set aside}.
 *
 * <p>Marks are appends without a force of their own: after a crash one may be missing, and a delivery is repeated.
 */
public interface Queue {

    /** Is told of each message that qmail-send has to look after. */
    interface Arrivals {

        /**
         * A message was accepted, or was found in the journal at the start. Called by the queue's own threads: it must
         * not block.
         */
        void arrived(long message);
    }

    /**
     * Begins to report messages: first all unfinished ones of the journal in order of their numbers, then each one as
     * soon as it has been accepted. Called once.
     */
    void start(Arrivals arrivals) throws IOException;

    /** The envelope of a message that is not finished. */
    Envelope envelope(long message) throws IOException;

    /** The bytes of a message that is not finished. What was opened stays readable to its end even after that. */
    MessageSource content(long message) throws IOException;

    /** Whether {@link #route} was called for it, in this run or in an earlier one. */
    boolean isRouted(long message) throws IOException;

    /** Decides for every recipient; the function is called once for each address as submitted, in order. */
    void route(long message, Function<String, Routing> decision) throws IOException;

    /**
     * Recipients of one channel who are not done.
     *
     * @param from the index of the first one to look at: {@link RecipientPage#START}, {@link RecipientPage#next} of the page
     *     before, or that of any recipient
     * @param limit how many at most
     */
    RecipientPage recipients(long message, Channel channel, long from, int limit) throws IOException;

    /** How many recipients of one channel are not done. */
    int remaining(long message, Channel channel) throws IOException;

    /** Marks a recipient done. */
    void done(long message, int recipient) throws IOException;

    /**
     * Marks several recipients done.
     *
     * @param recipients ascending
     */
    default void done(long message, int[] recipients) throws IOException {
        for (int recipient : recipients) {
            done(message, recipient);
        }
    }

    /**
     * Marks a recipient done who will not get the message.
     *
     * @param text is appended to the bounce text, before the mark and never without it
     */
    void failed(long message, int recipient, String text) throws IOException;

    /** The bounce text so far. */
    Optional<MessageSource> bounceText(long message) throws IOException;

    /** Forgets the bounce text, because the bounce message is queued or was discarded. */
    void bounceSent(long message) throws IOException;

    /** Notes when a channel of a message is due, for the next start; qmail-send does so when it ends. */
    void due(long message, Channel channel, Instant when) throws IOException;

    /** What {@link #due} noted, in seconds since 1970. */
    OptionalLong due(long message, Channel channel) throws IOException;

    /** Removes a message; its number is never used again. If its text is damaged, what is left is kept for the operator. */
    void finish(long message) throws IOException;

    /**
     * Gives a message up of which nobody can say where it should go: what can be read of it is kept for the operator, whom a
     * line tells, and it leaves the queue.
     *
     * @param why how the line ends
     */
    void setAside(long message, String why) throws IOException;

    /** The numbers of all unfinished messages, ascending: for inspection. */
    List<Long> messages();
}
