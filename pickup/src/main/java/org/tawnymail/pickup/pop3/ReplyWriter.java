package org.tawnymail.pickup.pop3;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Gathers replies and sends them in blocks. A reply in two pieces would wait 40 ms for the client's acknowledgement of
 * the first, so nothing is sent before {@link #flush} unless the buffer is full.
 */
final class ReplyWriter {

    private static final int BLOCK = 8192;
    private static final int LONGEST_NUMBER = 19;

    private final OutputStream out;
    private final byte[] buffer = new byte[BLOCK];
    private int length;

    ReplyWriter(OutputStream out) {
        this.out = out;
    }

    /** {@code +OK } and nothing else: the space belongs to it. */
    void ok() throws IOException {
        line("+OK ");
    }

    void error(String text) throws IOException {
        text("-ERR ");
        line(text);
    }

    void line(String text) throws IOException {
        text(text);
        lineEnd();
    }

    void lineEnd() throws IOException {
        octet('\r');
        octet('\n');
    }

    void text(String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            octet(text.charAt(i));
        }
    }

    void number(long number) throws IOException {
        if (length + LONGEST_NUMBER > BLOCK) {
            send();
        }
        long left = number;
        int digits = 1;
        for (long power = number; power >= 10; power /= 10) {
            digits++;
        }
        for (int i = length + digits - 1; i >= length; i--) {
            buffer[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
        length += digits;
    }

    void octet(int octet) throws IOException {
        if (length == BLOCK) {
            send();
        }
        buffer[length++] = (byte) octet;
    }

    void octets(byte[] octets, int offset, int count) throws IOException {
        int from = offset;
        int left = count;
        while (left > 0) {
            if (length == BLOCK) {
                send();
            }
            int part = Math.min(left, BLOCK - length);
            System.arraycopy(octets, from, buffer, length, part);
            length += part;
            from += part;
            left -= part;
        }
    }

    /** Sends what has been gathered. */
    void flush() throws IOException {
        if (length > 0) {
            send();
        }
    }

    private void send() throws IOException {
        int count = length;
        length = 0;
        out.write(buffer, 0, count);
        out.flush();
    }
}
