package org.tawnymail.local.mailbox;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.program.OpenFile;
import org.tawnymail.base.program.SeekableInput;

/**
 * The bytes of the message of one delivery, for the several that want to read them: the loop check and each line of the
 * {@code .qmail} file. A message of at most {@value #KEPT} bytes is read once and kept; of a longer one the beginning is
 * kept, and the rest is read as often as it is wanted.
 *
 * <p>Belongs to one thread. Reading moves the position of the input that it stands on.
 */
public final class MessageBytes {

    /** Most mail is shorter; 120 deliveries at a time keep 8 MB at most. */
    static final int KEPT = 64 * 1024;

    private static final int FIRST_BUFFER = 8 * 1024;

    private final SeekableInput input;
    private final byte[] start;
    private final int length;
    private final boolean whole;

    private MessageBytes(SeekableInput input, byte[] start, int length, boolean whole) {
        this.input = input;
        this.start = start;
        this.length = length;
        this.whole = whole;
    }

    /** The bytes of an input of unknown length, from its beginning. */
    public static MessageBytes of(SeekableInput input) throws IOException {
        input.rewind();
        byte[] start = new byte[FIRST_BUFFER];
        int length = 0;
        while (true) {
            int read = input.readNBytes(start, length, start.length - length);
            length += read;
            if (length < start.length) {
                return new MessageBytes(input, start, length, true);
            }
            if (length == KEPT) {
                return new MessageBytes(input, start, length, false);
            }
            start = Arrays.copyOf(start, Math.min(KEPT, 2 * start.length));
        }
    }

    /**
     * The bytes of a queued message.
     *
     * @param opened what {@link MessageSource#open} returned: it stays open as long as these bytes are used
     */
    public static MessageBytes of(MessageSource message, SeekableInput opened) throws IOException {
        long size = message.size();
        byte[] start = new byte[(int) Math.min(KEPT, size)];
        int length = opened.readNBytes(start, 0, start.length);
        if (length < start.length) {
            throw new IOException("message ends after " + length + " of " + size + " bytes");
        }
        return new MessageBytes(opened, start, length, length == size);
    }

    /** A fresh reading of all bytes; it need not be closed. */
    public InputStream read() throws IOException {
        if (whole) {
            return new ByteArrayInputStream(start, 0, length);
        }
        input.rewind();
        return input;
    }

    /** The file that the message is, if it is one that a child process can be given as it is. */
    public Optional<SeekableInput> ownFile() {
        return input instanceof OpenFile ? Optional.of(input) : Optional.empty();
    }

    /** Whether the whole message is kept in memory. */
    public boolean isWhole() {
        return whole;
    }

    /** The first {@link #keptLength} bytes of the message; not to be changed. */
    byte[] kept() {
        return start;
    }

    int keptLength() {
        return length;
    }

    /**
     * Whether one of the header lines, its LF included, is exactly this line. The header ends at the first empty line; a
     * last line without LF is no line (core spec, section 6.8).
     */
    public boolean hasHeaderLine(byte[] line) throws IOException {
        HeaderLineSearch search = new HeaderLineSearch(line);
        if (search.feed(start, length) || whole) {
            return search.found();
        }
        InputStream all = read();
        all.skipNBytes(length);
        byte[] buffer = new byte[FIRST_BUFFER];
        int read = all.read(buffer);
        while (read >= 0 && !search.feed(buffer, read)) {
            read = all.read(buffer);
        }
        return search.found();
    }

    /** Compares header lines with one line as their bytes come, without gathering them. */
    private static final class HeaderLineSearch {

        private final byte[] line;
        private int position;
        private boolean equalSoFar = true;
        private boolean found;

        HeaderLineSearch(byte[] line) {
            this.line = line;
        }

        boolean found() {
            return found;
        }

        /** Returns whether the search is over: found, or the header has ended. */
        boolean feed(byte[] bytes, int count) {
            for (int i = 0; i < count; i++) {
                byte b = bytes[i];
                equalSoFar = equalSoFar && position < line.length && line[position] == b;
                position = Math.min(position + 1, Integer.MAX_VALUE - 1);
                if (b == '\n') {
                    found = equalSoFar && position == line.length;
                    if (found || position == 1) {
                        return true;
                    }
                    position = 0;
                    equalSoFar = true;
                }
            }
            return false;
        }
    }
}
