package org.tawnymail.base.line;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.tawnymail.base.Octets;

/**
 * Reads lines that end with LF from a stream, each as ISO-8859-1 text, none longer than a limit. A last line need not have
 * an end. For one thread; what is read ahead is lost to other readers of the stream.
 */
public final class LineInput {

    private static final int BUFFER_SIZE = 8192;

    /** A line longer than the reader takes. */
    public static final class TooLong extends IOException {
        private TooLong(int limit) {
            super("line longer than " + limit + " octets");
        }
    }

    private final InputStream in;
    private final int limit;
    private final byte[] buffer = new byte[BUFFER_SIZE];
    private int next;
    private int end;
    private byte[] pieces = new byte[0];
    private int piecesLength;
    private boolean lastHadEnd;

    /**
     * @param limit the longest line that is taken, without its end
     */
    public LineInput(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /**
     * The next line without its LF, or nothing at the end of the input.
     *
     * @throws TooLong if it is longer than the limit; the reading then cannot go on
     */
    public Optional<String> next() throws IOException {
        piecesLength = 0;
        lastHadEnd = false;
        while (true) {
            if (next == end && !fill()) {
                return piecesLength == 0 ? Optional.empty() : Optional.of(Octets.text(pieces, 0, piecesLength));
            }
            int lineEnd = indexOfLineEnd();
            int length = lineEnd - next;
            if (piecesLength + length > limit) {
                throw new TooLong(limit);
            }
            if (lineEnd < end) {
                lastHadEnd = true;
                String line = piecesLength == 0 ? Octets.text(buffer, next, length) : joinedWith(length);
                next = lineEnd + 1;
                return Optional.of(line);
            }
            keep(length);
        }
    }

    /** Whether the line that {@link #next} gave last ended with LF, and not with the input. */
    public boolean lastHadEnd() {
        return lastHadEnd;
    }

    private int indexOfLineEnd() {
        int i = next;
        while (i < end && buffer[i] != '\n') {
            i++;
        }
        return i;
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }

    private String joinedWith(int length) {
        keep(length);
        return Octets.text(pieces, 0, piecesLength);
    }

    private void keep(int length) {
        if (pieces.length < piecesLength + length) {
            pieces = Arrays.copyOf(pieces, Math.max(2 * pieces.length, piecesLength + length));
        }
        System.arraycopy(buffer, next, pieces, piecesLength, length);
        piecesLength += length;
        next += length;
    }
}
