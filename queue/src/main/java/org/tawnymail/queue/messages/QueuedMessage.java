package org.tawnymail.queue.messages;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
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

    private @Nullable List<Piece> bounce;

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

    /** The marks of some recipients as bytes, lowest bit first; empty if none is done. */
    byte[] doneBytes() {
        if (recipients <= BITS) {
            return BitSet.valueOf(new long[] {done}).toByteArray();
        }
        return doneOfMany == null ? new byte[0] : doneOfMany.toByteArray();
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
        return bounce == null ? List.of() : bounce;
    }

    int bounceEpoch() {
        return bounceEpoch;
    }

    /** Adds a piece at its place: a start may find them in another order, because some were appended again. */
    void addBounce(Piece piece) {
        if (bounce == null) {
            bounce = new ArrayList<>(1);
        }
        int at = bounce.size();
        while (at > 0 && bounce.get(at - 1).index() > piece.index()) {
            at--;
        }
        bounce.add(at, piece);
    }

    /** The piece of bounce text with a number. */
    @Nullable
    Piece bounceAt(int index) {
        List<Piece> pieces = bounceText();
        if (pieces.isEmpty() || pieces.getLast().index() < index) {
            return null;
        }
        for (Piece piece : pieces) {
            if (piece.index() == index) {
                return piece;
            }
        }
        return null;
    }

    /** The bounce text up to an epoch is void. */
    void forgetBounce(int epoch) {
        if (epoch >= bounceEpoch) {
            bounce = null;
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
