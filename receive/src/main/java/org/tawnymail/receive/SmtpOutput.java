package org.tawnymail.receive;

import java.io.IOException;
import java.io.OutputStream;
import org.tawnymail.base.Octets;

/**
 * Replies on their way out. They are gathered until the server has to wait for the client, so that the replies to a
 * whole pipeline leave in one write (RFC 2920, section 3.2).
 */
final class SmtpOutput {

    /** More is sent early: it would be the replies to dozens of commands. */
    private static final int MOST_GATHERED = 2048;

    private static final int USUAL = 256;

    private final OutputStream out;
    private byte[] gathered = new byte[USUAL];
    private int length;

    SmtpOutput(OutputStream out) {
        this.out = out;
    }

    /** Adds a reply: a line, or several with CRLF between them; the last line end is added here. */
    void reply(String text) throws IOException {
        if (length + text.length() + 2 > MOST_GATHERED) {
            flush();
        }
        byte[] octets = Octets.of(text);
        if (length + octets.length + 2 > gathered.length) {
            byte[] larger = new byte[Math.max(2 * gathered.length, length + octets.length + 2)];
            System.arraycopy(gathered, 0, larger, 0, length);
            gathered = larger;
        }
        System.arraycopy(octets, 0, gathered, length, octets.length);
        length += octets.length;
        gathered[length++] = '\r';
        gathered[length++] = '\n';
    }

    /** Sends what was gathered. */
    void flush() throws IOException {
        if (length > 0) {
            int n = length;
            length = 0;
            out.write(gathered, 0, n);
            out.flush();
        }
    }
}
