package org.tawnymail.queue.messages;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.journal.Place;
import org.tawnymail.queue.journal.RecordFormat;

/**
 * What memory holds of one message: some 200 bytes, and two bits for each recipient. All of it can be derived from the
 * journal.
 *
 * <p>Guarded by its own lock, except where a field says otherwise. The writing thread never takes that lock: whoever holds
 * it may be waiting for the writer.
 */
final class QueuedMessage {

    /** No due time is noted. */
    static final long NOT_NOTED = -1;

    private static final int BITS = Long.SIZE;

    /**
     * Bytes of the heap for a message that waits, its places in the table and in the schedule of qmail-send included. Measured
     * with a million of them: 271.
     */
    private static final long MEMORY = 280;

    /** Recipients to a byte of further memory: two bits each, and their routing in pieces of a thousand. */
    private static final int RECIPIENTS_PER_BYTE = 3;

    final long number;
    final Piece accepted;
    final int recipients;

    /** Bits: where its parts lie, and whether it was adopted; those of the record. */
    private final byte storage;

    private boolean routed;
    private int routedSoFar;
    private boolean finished;

    /** Whether the last who read its text to the end found that it is not what it was. */
    private volatile boolean textDamaged;

    /** Records with the routing decisions, ascending; null: none. A list of one is the rule. */
    private @Nullable Piece firstRouting;

    private @Nullable List<Piece> furtherRouting;

    /** Bit i: recipient i goes to another host; for messages with at most 64 recipients. */
    private long remote;

    /** Bit i: recipient i is done. */
    private long done;

    private @Nullable BitSet remoteOfMany;
    private @Nullable BitSet doneOfMany;
    private int remainingLocal;
    private int remainingRemote;

    private long dueLocal = NOT_NOTED;
    private long dueRemote = NOT_NOTED;

    private @Nullable Failures failures;

    /** How many times the bounce text was sent and begun anew. */
    private int bounceEpoch;

    // Written by the writing thread alone (or at the start): the segments between which the marks of this message lie.
    private volatile int firstMarks;
    private volatile int lastMarks;

    /** Written by the writing thread alone: where a copy is on its way to while the cleaner moves the message. */
    volatile long movingTo = Place.NONE;

    /**
     * Of the writing thread alone: a record about this message could not be written. Until its state is appended anew, none
     * may follow: a recipient marked done whose bounce text is missing would be a loss.
     */
    boolean unsaved;

    QueuedMessage(long number, Piece accepted, int recipients, byte storage) {
        this.number = number;
        this.accepted = accepted;
        this.recipients = recipients;
        this.storage = storage;
    }

    /** How much memory it takes, estimated; always the same. */
    long memory() {
        return MEMORY + recipients / RECIPIENTS_PER_BYTE;
    }

    /** Whether it has files of its own. */
    boolean isLarge() {
        return (storage & (RecordFormat.LARGE_BODY | RecordFormat.LARGE_ENVELOPE)) != 0;
    }

    /** The names of its files in {@code large}. */
    List<String> files() {
        return isLarge() ? LargeFiles.names(number, storage) : List.of();
    }

    boolean isTextDamaged() {
        return textDamaged;
    }

    /** Somebody has read its text to the end; true if that is news. */
    boolean textDamaged(boolean damaged) {
        boolean news = damaged && !textDamaged;
        textDamaged = damaged;
        return news;
    }

    /** Whether it comes from an old queue. */
    boolean isAdopted() {
        return (storage & RecordFormat.ADOPTED) != 0;
    }

    /** Whether it was routed there: its record says how, and what has become of the recipients. */
    boolean wasRoutedElsewhere() {
        return (storage & RecordFormat.ADOPTED_ROUTED) != 0;
    }

    boolean isFinished() {
        return finished;
    }

    void finish() {
        finished = true;
        accepted.forget();
        routing().forEach(Piece::forget);
        bounceText().forEach(Piece::forget);
    }

    boolean isRouted() {
        return routed;
    }

    /** For how many recipients, from the first on, there is a decision. */
    int routedSoFar() {
        return routedSoFar;
    }

    /** Begins the routing, again if an earlier one was not completed. */
    void beginRouting() {
        firstRouting = null;
        furtherRouting = null;
        remote = 0;
        remoteOfMany = null;
        remainingLocal = 0;
        remainingRemote = 0;
        routedSoFar = 0;
    }

    /** The decision for the next recipient. */
    void route(Channel channel) {
        route(routedSoFar++, channel);
    }

    private void route(int recipient, Channel channel) {
        boolean isDone = isDone(recipient);
        if (channel == Channel.REMOTE) {
            if (recipients <= BITS) {
                remote |= 1L << recipient;
            } else {
                remoteOfMany = set(remoteOfMany, recipient);
            }
            remainingRemote += isDone ? 0 : 1;
        } else {
            remainingLocal += isDone ? 0 : 1;
        }
    }

    void addRouting(Piece piece) {
        if (firstRouting == null) {
            firstRouting = piece;
            return;
        }
        if (furtherRouting == null) {
            furtherRouting = new ArrayList<>();
        }
        furtherRouting.add(piece);
    }

    /** A routing record was appended again elsewhere: the piece is found by its first recipient. */
    @Nullable
    Piece routingFrom(int firstRecipient) {
        for (Piece piece : routing()) {
            if (piece.index() == firstRecipient) {
                return piece;
            }
        }
        return null;
    }

    void completeRouting() {
        routed = true;
    }

    /** The records with the routing decisions, by ascending recipient. */
    List<Piece> routing() {
        if (firstRouting == null) {
            return List.of();
        }
        if (furtherRouting == null) {
            return List.of(firstRouting);
        }
        List<Piece> all = new ArrayList<>(1 + furtherRouting.size());
        all.add(firstRouting);
        all.addAll(furtherRouting);
        return all;
    }

    Channel channelOf(int recipient) {
        boolean isRemote = recipients <= BITS
                ? (remote >>> recipient & 1) != 0
                : remoteOfMany != null && remoteOfMany.get(recipient);
        return isRemote ? Channel.REMOTE : Channel.LOCAL;
    }

    boolean isDone(int recipient) {
        return recipients <= BITS ? (done >>> recipient & 1) != 0 : doneOfMany != null && doneOfMany.get(recipient);
    }

    /** Marks a recipient; false if it was marked already. */
    boolean markDone(int recipient) {
        if (isDone(recipient)) {
            return false;
        }
        if (recipients <= BITS) {
            done |= 1L << recipient;
        } else {
            doneOfMany = set(doneOfMany, recipient);
        }
        if (channelOf(recipient) == Channel.LOCAL) {
            remainingLocal--;
        } else {
            remainingRemote--;
        }
        return true;
    }

    /** The recipients who are done and have not failed, as bytes, lowest bit first; empty if there are none. */
    byte[] doneBytes() {
        BitSet some = recipients <= BITS ? BitSet.valueOf(new long[] {done}) : doneOfMany;
        if (some == null || failed().isEmpty()) {
            return some == null ? new byte[0] : some.toByteArray();
        }
        BitSet delivered = (BitSet) some.clone();
        failed().values().forEach(delivered::clear);
        return delivered.toByteArray();
    }

    int remaining(Channel channel) {
        return channel == Channel.LOCAL ? remainingLocal : remainingRemote;
    }

    long due(Channel channel) {
        return channel == Channel.LOCAL ? dueLocal : dueRemote;
    }

    void due(Channel channel, long seconds) {
        if (channel == Channel.LOCAL) {
            dueLocal = seconds;
        } else {
            dueRemote = seconds;
        }
    }

    List<Piece> bounceText() {
        return failures == null ? List.of() : failures.pieces();
    }

    int bounceEpoch() {
        return bounceEpoch;
    }

    void addBounce(Piece piece) {
        if (failures == null) {
            failures = new Failures();
        }
        failures.add(piece);
    }

    /** The piece of bounce text with a number. */
    @Nullable
    Piece bounceAt(int index) {
        return failures == null ? null : failures.at(index);
    }

    /**
     * A recipient failed, and a piece of bounce text of an epoch says so: then it is done. If that piece is lost it is not,
     * or its sender would never hear of it.
     */
    void failed(int recipient, int epoch, int piece) {
        if (epoch < bounceEpoch) {
            markDone(recipient);
        } else if (epoch == bounceEpoch && failures != null && failures.at(piece) != null) {
            failures.tellsOf(piece, recipient);
            markDone(recipient);
        }
    }

    /** Recipients who are done because they failed, by the pieces of the present bounce text that tell of them. */
    Map<Integer, Integer> failed() {
        return failures == null ? Map.of() : failures.recipients();
    }

    /** The bounce text up to an epoch is void. */
    void forgetBounce(int epoch) {
        if (epoch >= bounceEpoch) {
            failures = null;
            bounceEpoch = epoch + 1;
        }
    }

    /** A mark was placed in a segment. */
    void marksIn(int segment) {
        if (firstMarks == 0) {
            firstMarks = segment;
        }
        lastMarks = segment;
    }

    /** All marks were appended again, from this segment on. */
    void marksAnewFrom(int segment) {
        firstMarks = segment;
    }

    /** Whether some of its marks may lie in a segment. */
    boolean mayHaveMarksIn(int segment) {
        return firstMarks <= segment && segment <= lastMarks;
    }

    private static BitSet set(@Nullable BitSet bits, int index) {
        BitSet changed = bits == null ? new BitSet() : bits;
        changed.set(index);
        return changed;
    }
}
