package org.tawnymail.base.line;

import java.io.IOException;
import java.io.OutputStream;
import org.tawnymail.base.Octets;

/**
 * The one log of a server: qmail-send's lines and what other parts have to say, never one inside the other. Safe for use by
 * many threads. Whoever writes here writes whole lines.
 */
public final class SharedLog extends OutputStream {

    private final OutputStream out;

    public SharedLog(OutputStream out) {
        this.out = out;
    }

    /**
     * One line of a part that is not qmail-send. Names in it may be anybody's: a line end in it becomes {@code /}, any other
     * control octet {@code _}. A log that cannot be written must not stop mail.
     */
    public void line(String text) {
        try {
            byte[] line = Octets.of(printable(text) + "\n");
            write(line, 0, line.length);
            flush();
        } catch (IOException unwritable) {
            // There is nowhere to say it; qmail-send notices the same trouble with its own lines.
        }
    }

    private static String printable(String text) {
        StringBuilder line = new StringBuilder(text);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < ' ' || c == 127) {
                line.setCharAt(i, c == '\n' ? '/' : '_');
            }
        }
        return line.toString();
    }

    @Override
    public synchronized void write(int octet) throws IOException {
        out.write(octet);
    }

    @Override
    public synchronized void write(byte[] octets, int offset, int length) throws IOException {
        out.write(octets, offset, length);
    }

    @Override
    public synchronized void flush() throws IOException {
        out.flush();
    }
}
