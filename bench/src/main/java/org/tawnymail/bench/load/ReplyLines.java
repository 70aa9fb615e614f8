package org.tawnymail.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a server's replies (RFC 5321, section 4.2), however they were cut on their way. Only the first
 * {@value #KEPT} octets of a line are kept.
 */
final class ReplyLines {

    private static final int KEPT = 200;

    private final byte[] line = new byte[KEPT];
    private int length;
    private boolean ended;

    void clear() {
        length = 0;
        ended = false;
    }

    /** Takes octets up to a line's end; false if there is none yet. The line stays until the next call. */
    boolean next(ByteBuffer octets) {
        if (ended) {
            clear();
        }
        while (octets.hasRemaining()) {
            byte octet = octets.get();
            if (octet == '\n') {
                ended = true;
                return true;
            }
            if (length < KEPT && octet != '\r') {
                line[length++] = octet;
            }
        }
        return false;
    }

    /** Whether it ends a reply, rather than being one of several lines. */
    boolean isLast() {
        return length < 4 || line[3] != '-';
    }

    /** The first digit of the code, or 0. */
    int kind() {
        return length > 0 && line[0] >= '2' && line[0] <= '5' ? line[0] - '0' : 0;
    }

    String text() {
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }
}
