package org.tawnymail.queue.messages;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps the bytes of the newest records in memory, because a new message is about to be delivered: then nothing of it has
 * to be read back. Oldest out first. Used by the writing thread alone.
 */
final class FreshRecords {

    private final long most;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private final Deque<Integer> weights = new ArrayDeque<>();
    private long total;

    /** @param most bytes at most */
    FreshRecords(long most) {
        this.most = most;
    }

    /** A piece was written. What is finished forgets its bytes itself, and only its place in the row remains. */
    void add(Piece piece) {
        int weight = piece.weight() + Long.BYTES * 8;
        pieces.addLast(piece);
        weights.addLast(weight);
        total += weight;
        while (total > most) {
            pieces.removeFirst().forget();
            total -= weights.removeFirst();
        }
    }
}
