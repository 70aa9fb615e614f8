package org.tawnymail.pickup.pop3;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.tawnymail.base.Octets;

/**
 * Reads command lines from the network (core spec, section 8.2): a line ends with LF, one CR before it does not count, a
 * NUL ends the visible text.
 *
 * <p>The replies gathered so far are sent before the reader waits for the network, and only then: commands sent in one go
 * are answered in one go.
 */
final class CommandReader {

    /** The longest line. A longer one is skipped and stands for {@link Command#UNKNOWN}. */
    static final int LONGEST_LINE = 4096;

    /** A line that has not ended after this many bytes ends the session. */
    private static final int MOST_SKIPPED = 1 << 20;

    private final InputStream in;
    private final ReplyWriter replies;
    private final byte[] buffer = new byte[LONGEST_LINE];
    private int start;
    private int end;

    CommandReader(InputStream in, ReplyWriter replies) {
        this.in = in;
        this.replies = replies;
    }

    /** The next command, or nothing at the end of the input. An unfinished last line is not a command. */
    Optional<Command> next() throws IOException {
        int scanned = start;
        int skipped = 0;
        while (true) {
            int lineEnd = lineEnd(scanned);
            if (lineEnd >= 0) {
                Command command = skipped > 0 ? Command.UNKNOWN : parse(start, lineEnd);
                start = lineEnd + 1;
                return Optional.of(command);
            }
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                end -= start;
                start = 0;
            }
            if (end == buffer.length) {
                skipped += end;
                end = 0;
                if (skipped > MOST_SKIPPED) {
                    return Optional.empty();
                }
            }
            scanned = end;
            replies.flush();
            int count = in.read(buffer, end, buffer.length - end);
            if (count < 0) {
                return Optional.empty();
            }
            end += count;
        }
    }

    /** Whether more was read than the commands so far. */
    boolean hasReadAhead() {
        return start < end;
    }

    /** What follows the last command: first what was read ahead, then the input itself. */
    InputStream rest() {
        return new InputReadAhead(buffer, start, end, in);
    }

    private int lineEnd(int from) {
        for (int i = from; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private Command parse(int from, int lineEnd) {
        int to = lineEnd > from && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        String line = Octets.text(buffer, from, to - from);
        int nul = line.indexOf('\0');
        if (nul >= 0) {
            line = line.substring(0, nul);
        }
        int space = line.indexOf(' ');
        if (space < 0) {
            return new Command(Octets.lowerCase(line), "");
        }
        int argument = space;
        while (argument < line.length() && line.charAt(argument) == ' ') {
            argument++;
        }
        return new Command(Octets.lowerCase(line.substring(0, space)), line.substring(argument));
    }
}
