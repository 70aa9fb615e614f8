package org.tawnymail.message.header;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.tawnymail.base.Octets;

/**
 * Reads a message: its header field by field, then its body as a stream (core spec, section 3.4).
 *
 * <p>The header ends at an empty line, which is the first line of the body; at a line that is neither a field nor the
 * continuation of one, and then the body begins with an empty line that the reader puts in front of it; or at the end of
 * the input, and then there is no body at all. A line {@code From ...} of an mbox, wherever it stands, becomes a field
 * {@code MBOX-Line: From ...}. A last line without its line end gets one.
 *
 * <p>Lines end with LF. One reader reads one message, on one thread. It reads ahead, and never closes its input.
 */
public final class HeaderReader {

    /** The most octets a header may have: room for some 40,000 recipients. */
    public static final int LARGEST_HEADER = 1 << 20;

    private static final int BLOCK = 8 << 10;
    private static final int END = -1;

    private final InputStream in;
    private final byte[] block = new byte[BLOCK];
    private int at;
    private int filled;

    /** The line that {@link #readLine} found, its LF included; what it holds beyond {@link #lineLength} is old. */
    private byte[] line = new byte[256];

    private int lineLength;
    private int headerOctets;
    private boolean lineIsHeld;
    private boolean inHeader = true;

    public HeaderReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next field, or nothing when the header has ended.
     *
     * @throws HeaderTooLarge if the header has more than {@link #LARGEST_HEADER} octets
     */
    public Optional<HeaderField> next() throws IOException {
        if (!inHeader || !holdLine()) {
            inHeader = false;
            return Optional.empty();
        }
        String first = Octets.text(line, 0, lineLength);
        if (first.startsWith("From ")) {
            first = "MBOX-Line: ".concat(first);
        } else if (!HeaderField.isField(first)) {
            inHeader = false;
            return Optional.empty();
        }
        lineIsHeld = false;
        if (!holdLine() || !isContinuation()) {
            return Optional.of(HeaderField.of(first));
        }
        StringBuilder folded = new StringBuilder(first);
        do {
            folded.append(Octets.text(line, 0, lineLength));
            lineIsHeld = false;
        } while (holdLine() && isContinuation());
        return Optional.of(HeaderField.of(folded.toString()));
    }

    /**
     * What follows the header, which must have been read to its end: nothing, or an empty line and the body. Ends with a
     * line end if there is anything.
     */
    public InputStream body() {
        if (inHeader) {
            throw new IllegalStateException("the header has not been read");
        }
        if (!lineIsHeld) {
            return new Rest(new byte[0]);
        }
        byte[] held = Arrays.copyOf(line, lineLength);
        return new Rest(isEmptyLine() ? held : afterEmptyLine(held));
    }

    private boolean isContinuation() {
        return line[0] == ' ' || line[0] == '\t';
    }

    private boolean isEmptyLine() {
        return line[0] == '\n';
    }

    private static byte[] afterEmptyLine(byte[] held) {
        byte[] both = new byte[held.length + 1];
        both[0] = '\n';
        System.arraycopy(held, 0, both, 1, held.length);
        return both;
    }

    /** Makes sure that the next line is held; false at the end of the input. */
    private boolean holdLine() throws IOException {
        if (!lineIsHeld) {
            lineIsHeld = readLine();
        }
        return lineIsHeld;
    }

    /**
     * Reads a line into {@link #line}. A line that cannot belong to the header is left unfinished where it grows beyond a
     * block: its beginning is enough to know.
     */
    private boolean readLine() throws IOException {
        lineLength = 0;
        while (at < filled || fill()) {
            int before = lineLength;
            int end = at;
            while (end < filled && block[end] != '\n') {
                end++;
            }
            boolean whole = end < filled;
            append(at, whole ? end + 1 : end);
            at = whole ? end + 1 : end;
            if (whole) {
                return true;
            }
            if (before < BLOCK && lineLength >= BLOCK && !mayBelongToHeader()) {
                return true;
            }
        }
        if (lineLength > 0) {
            append((byte) '\n');
            return true;
        }
        return false;
    }

    private boolean mayBelongToHeader() {
        boolean isFirst = headerOctets == lineLength;
        if (isContinuation()) {
            return !isFirst;
        }
        String beginning = Octets.text(line, 0, lineLength);
        return beginning.startsWith("From ") || HeaderField.isField(beginning);
    }

    private void append(int from, int to) throws IOException {
        int length = to - from;
        headerOctets += length;
        if (headerOctets > LARGEST_HEADER) {
            throw new HeaderTooLarge();
        }
        makeRoom(length);
        System.arraycopy(block, from, line, lineLength, length);
        lineLength += length;
    }

    private void append(byte octet) {
        makeRoom(1);
        line[lineLength++] = octet;
    }

    private void makeRoom(int length) {
        if (lineLength + length > line.length) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, lineLength + length));
        }
    }

    private boolean fill() throws IOException {
        int count = in.read(block, 0, BLOCK);
        at = 0;
        filled = Math.max(count, 0);
        return count > 0;
    }

    /** The held beginning of the body, then what the block still has, then the rest of the input, then its line end. */
    private final class Rest extends InputStream {

        private final byte[] held;
        private int heldAt;
        private int last = '\n';

        Rest(byte[] held) {
            this.held = held;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) == END ? END : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int count = readMore(buffer, offset, length);
            if (count > 0) {
                last = buffer[offset + count - 1];
                return count;
            }
            if (last == '\n') {
                return END;
            }
            last = '\n';
            buffer[offset] = '\n';
            return 1;
        }

        private int readMore(byte[] buffer, int offset, int length) throws IOException {
            if (heldAt < held.length) {
                int count = Math.min(length, held.length - heldAt);
                System.arraycopy(held, heldAt, buffer, offset, count);
                heldAt += count;
                return count;
            }
            if (at < filled) {
                int count = Math.min(length, filled - at);
                System.arraycopy(block, at, buffer, offset, count);
                at += count;
                return count;
            }
            return in.read(buffer, offset, length);
        }
    }
}
