package org.tawnymail.receive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.tawnymail.base.Octets;

/**
 * What the client sends: command lines and, after DATA, message bytes. Before each read that may wait, the replies
 * gathered so far are sent.
 */
final class SmtpInput {

    /**
     * The longest command line, its end included. RFC 5321, section 4.5.3.1.4 asks for 512; the longest address that we
     * take fits many times over, with parameters.
     */
    static final int LONGEST_COMMAND = 4096;

    /** All that an idle connection needs. */
    private static final int USUAL_BUFFER = LONGEST_COMMAND;

    /** For the text of a message: most mail fits. */
    private static final int DATA_BUFFER = 16 * 1024;

    /** For the text of one that fills it: fewer system calls. */
    private static final int LARGE_DATA_BUFFER = 64 * 1024;

    /** How much of an endless command line is listened to before the connection is given up. */
    private static final int MOST_SKIPPED = 1 << 20;

    /** The client sent a command line without end. */
    static final class EndlessLine extends IOException {
        private EndlessLine() {
            super("endless command line");
        }
    }

    private final InputStream in;
    private final SmtpOutput replies;
    private byte[] buffer = new byte[USUAL_BUFFER];
    private int start;
    private int end;

    SmtpInput(InputStream in, SmtpOutput replies) {
        this.in = in;
        this.replies = replies;
    }

    /**
     * The next command line: ends at a LF, of which one CR in front belongs to the end; a NUL ends what is seen of it
     * (core spec, section 8.2).
     *
     * @return nothing if the line was too long, and was skipped
     * @throws EOFException if the client has gone
     * @throws EndlessLine if it does not stop
     */
    Optional<String> command() throws IOException {
        if (buffer.length != USUAL_BUFFER && end - start <= USUAL_BUFFER) {
            moveInto(new byte[USUAL_BUFFER]);
        }
        int searched = start;
        while (true) {
            for (; searched < end; searched++) {
                if (buffer[searched] == '\n') {
                    int from = start;
                    start = searched + 1;
                    return start - from > LONGEST_COMMAND ? Optional.empty() : Optional.of(visible(from, searched));
                }
            }
            if (end - start >= LONGEST_COMMAND) {
                skipLine();
                return Optional.empty();
            }
            int length = searched - start;
            fill();
            searched = start + length;
        }
    }

    /** Reads message text through the decoder up to its end. */
    DataDecoder.Progress data(DataDecoder decoder) throws IOException {
        while (true) {
            DataDecoder.Progress progress = decoder.decode(buffer, start, end);
            start = decoder.position();
            if (progress != DataDecoder.Progress.MORE) {
                return progress;
            }
            if (buffer.length == USUAL_BUFFER) {
                buffer = new byte[DATA_BUFFER];
            } else if (end == buffer.length && end < LARGE_DATA_BUFFER) {
                buffer = new byte[LARGE_DATA_BUFFER];
            }
            start = 0;
            end = 0;
            fill();
        }
    }

    /** Reads at least one byte more. */
    private void fill() throws IOException {
        if (start == end) {
            start = 0;
            end = 0;
        } else if (end == buffer.length) {
            moveInto(buffer);
        }
        replies.flush();
        int n = in.read(buffer, end, buffer.length - end);
        if (n < 0) {
            throw new EOFException();
        }
        end += n;
    }

    private void moveInto(byte[] target) {
        System.arraycopy(buffer, start, target, 0, end - start);
        end -= start;
        start = 0;
        buffer = target;
    }

    private void skipLine() throws IOException {
        int skipped = 0;
        while (true) {
            for (int i = start; i < end; i++) {
                if (buffer[i] == '\n') {
                    start = i + 1;
                    return;
                }
            }
            skipped += end - start;
            start = end;
            if (skipped > MOST_SKIPPED) {
                throw new EndlessLine();
            }
            fill();
        }
    }

    private String visible(int from, int newline) {
        int to = newline > from && buffer[newline - 1] == '\r' ? newline - 1 : newline;
        for (int i = from; i < to; i++) {
            if (buffer[i] == 0) {
                return Octets.text(buffer, from, i - from);
            }
        }
        return Octets.text(buffer, from, to - from);
    }
}
