package org.tawnymail.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.tawnymail.base.Octets;

/** Asks a peer's IDENT server whose connection this is (RFC 1413; companions spec, section 1.1). */
final class Ident {

    static final int PORT = 113;

    /** As much as tcpserver takes of what the server says. */
    private static final int USUAL_LONGEST_VALUE = 257;

    private static final int LONGEST_REPLY = 1000;

    private final int port;
    private final int longestValue;

    Ident() {
        this(PORT);
    }

    /** @param port where IDENT servers listen: for tests, which cannot have port 113 */
    Ident(int port) {
        this(port, USUAL_LONGEST_VALUE);
    }

    /** @param longestValue as much as is taken of what the server says */
    Ident(int port, int longestValue) {
        this.port = port;
        this.longestValue = longestValue;
    }

    /**
     * What the server says, possibly the empty text; nothing if there is no answer.
     *
     * @param local this end of the connection in question
     * @param remote its other end
     * @param limit for the whole exchange
     */
    Optional<String> ask(InetSocketAddress local, InetSocketAddress remote, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(local.getAddress(), 0));
            socket.connect(new InetSocketAddress(remote.getAddress(), port), left(end));
            socket.getOutputStream().write(Octets.of(remote.getPort() + " , " + local.getPort() + "\r\n"));
            byte[] reply = new byte[LONGEST_REPLY];
            int length = 0;
            while (length < reply.length) {
                socket.setSoTimeout(left(end));
                int n = socket.getInputStream().read(reply, length, reply.length - length);
                if (n < 0) {
                    break;
                }
                int from = length;
                length += n;
                for (int i = from; i < length; i++) {
                    if (reply[i] == '\n') {
                        return Optional.of(value(Octets.text(reply, 0, i), longestValue));
                    }
                }
            }
            return length == reply.length ? Optional.of(value(Octets.text(reply), longestValue)) : Optional.empty();
        } catch (IOException noAnswer) {
            return Optional.empty();
        }
    }

    /** What stands after the third colon, without blanks, tabs and CRs anywhere; a NUL would end it in any environment. */
    static String value(String reply, int longest) {
        StringBuilder value = new StringBuilder();
        int colons = 0;
        for (int i = 0; i < reply.length() && value.length() < longest; i++) {
            char c = reply.charAt(i);
            if (c == '\0') {
                break;
            }
            if (c == ' ' || c == '\t' || c == '\r') {
                continue;
            }
            if (colons == 3) {
                value.append(c);
            } else if (c == ':') {
                colons++;
            }
        }
        return value.toString();
    }

    private static int left(long end) {
        return Math.clamp((end - System.nanoTime()) / 1_000_000, 1, Integer.MAX_VALUE);
    }
}
