package org.tawnymail.queue.messages;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tawnymail.queue.journal.Journal;
import org.tawnymail.queue.journal.Place;

/**
 * What is known of a message besides its own record, to be appended again. All of it is read before any of it is appended: a
 * part alone would be no state.
 *
 * @param bounce pieces of bounce text with their bytes
 * @param marks all marks
 * @param routing the routing decisions, all or none, because a start needs them in order
 */
record MessageState(Map<Piece, byte[]> bounce, List<byte[]> marks, Map<Piece, byte[]> routing) {

    /** What lies nowhere is wanted alone. */
    static final int NO_SEGMENT = -1;

    /** What is lost when a segment goes: pieces that lie there or nowhere, and all marks. The message's lock is held. */
    static MessageState of(QueuedMessage message, int segment, Journal journal) throws IOException {
        Map<Piece, byte[]> bounce = new LinkedHashMap<>();
        for (Piece piece : message.bounceText()) {
            if (isWanted(piece, segment)) {
                bounce.put(piece, piece.bytes(journal));
            }
        }
        boolean isRoutingWanted = message.routing().stream().anyMatch(piece -> isWanted(piece, segment));
        return new MessageState(
                bounce, MarkRecords.allOf(message), isRoutingWanted ? bytes(message.routing(), journal) : Map.of());
    }

    /**
     * All of it, for a message that is itself appended again: a start passes over what it finds about a message in front of
     * it. The message's lock is held.
     */
    static MessageState whole(QueuedMessage message, Journal journal) throws IOException {
        return new MessageState(
                bytes(message.bounceText(), journal), MarkRecords.allOf(message), bytes(message.routing(), journal));
    }

    private static Map<Piece, byte[]> bytes(List<Piece> pieces, Journal journal) throws IOException {
        Map<Piece, byte[]> bytes = new LinkedHashMap<>();
        for (Piece piece : pieces) {
            bytes.put(piece, piece.bytes(journal));
        }
        return bytes;
    }

    private static boolean isWanted(Piece piece, int segment) {
        return piece.isIn(segment) || piece.place() == Place.NONE;
    }

    /** Appends it. Routing comes last: an adopted message that has it counts as having the rest too. */
    void append(Changes.Repetition again) {
        bounce.forEach(again::piece);
        for (int i = 0; i < marks.size(); i++) {
            again.mark(marks.get(i), i == marks.size() - 1);
        }
        routing.forEach(again::piece);
    }
}
