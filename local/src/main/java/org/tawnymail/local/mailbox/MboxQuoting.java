package org.tawnymail.local.mailbox;

import java.io.IOException;

/**
 * Writes one message in mboxrd form (core spec, section 13.3): every line {@code ^>*From } gets one more {@code >}, the
 * last line an end, and an empty line follows.
 *
 * <p>A {@code >} in front of others may as well be written behind them, so a line is written as it comes, and nothing but
 * the five bytes of {@code From } is ever held back.
 */
public final class MboxQuoting {

    private static final byte[] FROM = {'F', 'r', 'o', 'm', ' '};

    /** A message that fits goes out in one write, which keeps other programs from seeing part of it. */
    private static final int BUFFER = 16 * 1024;

    /** The line is past the point where it could be one to quote. */
    private static final int PLAIN = -1;

    private final MailboxDisk.MailboxFile file;
    private final byte[] buffer = new byte[BUFFER];
    private int used;

    /** How much of FROM the line has after its signs, 0 to 4, or PLAIN. */
    private int matched;

    private byte last = '\n';

    /** @param file where everything goes; it is not closed */
    public MboxQuoting(MailboxDisk.MailboxFile file) {
        this.file = file;
    }

    /**
     * What must be written before another message, so that a reader finds where it begins: an mbox may end with half a
     * message, or half a line, where a crash cut a delivery short.
     *
     * @param end the last two octets of the mbox, or all there are
     */
    public static byte[] missingEnd(byte[] end) {
        boolean lineEnds = end.length == 0 || end[end.length - 1] == '\n';
        boolean emptyLine = end.length == 0 || (lineEnds && end.length > 1 && end[end.length - 2] == '\n');
        return emptyLine ? new byte[0] : lineEnds ? new byte[] {'\n'} : new byte[] {'\n', '\n'};
    }

    /** Writes what is not to be quoted. */
    public void raw(byte[] bytes) throws IOException {
        for (byte b : bytes) {
            put(b);
        }
    }

    /** Writes the next bytes of the message. */
    public void message(byte[] bytes, int length) throws IOException {
        for (int i = 0; i < length; i++) {
            byte b = bytes[i];
            if (matched != PLAIN) {
                matched = match(b);
            }
            if (matched <= 0) {
                put(b);
            }
            if (b == '\n') {
                matched = 0;
            }
        }
        if (length > 0) {
            last = bytes[length - 1];
        }
    }

    /** The last line's end, the empty line, and everything that is still held. */
    public void end() throws IOException {
        if (matched > 0) {
            release(matched);
        }
        if (last != '\n') {
            put((byte) '\n');
        }
        put((byte) '\n');
        flush();
    }

    /**
     * Takes one byte of a line that may yet be one to quote. If the result is above 0 the byte is held back, else it is to
     * be written.
     */
    private int match(byte b) throws IOException {
        if (b == FROM[matched]) {
            if (matched < FROM.length - 1) {
                return matched + 1;
            }
            put((byte) '>');
            release(matched);
            return PLAIN;
        }
        if (matched == 0) {
            return b == '>' ? 0 : PLAIN;
        }
        release(matched);
        return PLAIN;
    }

    private void release(int held) throws IOException {
        for (int i = 0; i < held; i++) {
            put(FROM[i]);
        }
    }

    private void put(byte b) throws IOException {
        if (used == buffer.length) {
            flush();
        }
        buffer[used++] = b;
    }

    private void flush() throws IOException {
        file.write(buffer, 0, used);
        used = 0;
    }
}
