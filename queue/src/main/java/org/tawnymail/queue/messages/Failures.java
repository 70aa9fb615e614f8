package org.tawnymail.queue.messages;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bounce text of a message: pieces by their numbers, and which recipient's failure each of them tells of. A recipient who
 * failed is done only together with the piece that says so.
 */
final class Failures {

    private final List<Piece> pieces = new ArrayList<>(1);

    /** Recipients by the numbers of pieces; there are none for text that came from an old queue. */
    private final Map<Integer, Integer> recipients = new TreeMap<>();

    List<Piece> pieces() {
        return pieces;
    }

    /** Adds a piece at its place: a start may find them in another order, because some were appended again. */
    void add(Piece piece) {
        int at = pieces.size();
        while (at > 0 && pieces.get(at - 1).index() > piece.index()) {
            at--;
        }
        pieces.add(at, piece);
    }

    /** The piece with a number. */
    @Nullable
    Piece at(int index) {
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

    /** The piece tells that this recipient failed. */
    void tellsOf(int piece, int recipient) {
        recipients.put(piece, recipient);
    }

    /** Recipients by the numbers of the pieces that tell of them. */
    Map<Integer, Integer> recipients() {
        return recipients;
    }
}
