package org.tawnymail.remote.smtp;

import java.io.IOException;

/**
 * The text of a message as it travels in SMTP (RFC 5321, section 4.5.2; core spec, section 7.6): every line ends with CR
 * LF, and a line that begins with a dot gets another.
 *
 * <p>LF, CR LF and a CR by itself each end one line, so that no bare CR or LF ever goes out, and no line begins unseen: a dot
 * after a bare CR is doubled as any other. (qmail did not double that one, and of two CRs it sent the second bare; both let a
 * sender forge the end of the message.)
 *
 * <p>Goes through each block once and copies whole runs of octets between line ends. Octets above 127 and long lines pass
 * untouched.
 */
final class DotStuffing {

    private final Wire out;
    private boolean atLineStart = true;
    private boolean afterCr;

    DotStuffing(Wire out) {
        this.out = out;
    }

    /** Encodes the next {@code length} octets of the message. */
    void write(byte[] block, int length) throws IOException {
        int next = 0;
        if (afterCr && length > 0) {
            afterCr = false;
            next = block[0] == '\n' ? 1 : 0;
        }
        while (next < length) {
            if (atLineStart && block[next] == '.') {
                out.put((byte) '.');
            }
            int run = next;
            while (next < length && block[next] != '\n' && block[next] != '\r') {
                next++;
            }
            if (next > run) {
                out.put(block, run, next - run);
                atLineStart = false;
            }
            if (next < length) {
                next = endLine(block, next, length);
            }
        }
    }

    /** Whether what was written so far ends with a line end, or is nothing at all. */
    boolean isWhole() {
        return atLineStart;
    }

    private int endLine(byte[] block, int at, int length) throws IOException {
        out.put((byte) '\r');
        out.put((byte) '\n');
        atLineStart = true;
        int next = at + 1;
        if (block[at] == '\n') {
            return next;
        }
        afterCr = next == length;
        return next < length && block[next] == '\n' ? next + 1 : next;
    }
}
