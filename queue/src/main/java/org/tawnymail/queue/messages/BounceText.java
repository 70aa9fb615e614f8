package org.tawnymail.queue.messages;

import java.io.IOException;
import java.util.List;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.queue.journal.Journal;

/** The bounce text of a message as it was when it was asked for: the texts of some records, one after the other. */
final class BounceText implements MessageSource {

    private final List<Piece> pieces;
    private final Journal journal;

    BounceText(List<Piece> pieces, Journal journal) {
        this.pieces = List.copyOf(pieces);
        this.journal = journal;
    }

    @Override
    public long size() {
        long size = 0;
        for (Piece piece : pieces) {
            size += piece.length() - MarkRecords.BOUNCE_TEXT;
        }
        return size;
    }

    @Override
    public SeekableInput open() {
        return new SeekableInput() {

            private int next;
            private BytesInput current = new BytesInput(new byte[0], 0, 0);

            @Override
            public int read() throws IOException {
                return advance() ? current.read() : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return advance() ? current.read(into, offset, length) : -1;
            }

            // Goes on to a piece of which something is left.
            private boolean advance() throws IOException {
                while (current.available() == 0) {
                    if (next == pieces.size()) {
                        return false;
                    }
                    Piece piece = pieces.get(next++);
                    int text = piece.length() - MarkRecords.BOUNCE_TEXT;
                    current = new BytesInput(piece.bytes(journal), MarkRecords.BOUNCE_TEXT, text);
                }
                return true;
            }

            @Override
            public void rewind() {
                next = 0;
                current = new BytesInput(new byte[0], 0, 0);
            }
        };
    }
}
