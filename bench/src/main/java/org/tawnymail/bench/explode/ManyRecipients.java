package org.tawnymail.bench.explode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Sends one message to many recipients in one transaction, its RCPT commands in groups (RFC 2920). */
final class ManyRecipients {

    private static final int GROUP = 200;
    private static final int LONGEST_SILENCE = (int) Duration.ofMinutes(1).toMillis();
    private static final String LINE = "the quick brown fox jumps over the lazy dog and comes back for more\r\n";

    private final List<String> recipients;
    private final int size;

    /** @param size octets of the text */
    ManyRecipients(List<String> recipients, int size) {
        this.recipients = recipients;
        this.size = size;
    }

    /**
     * Sends it.
     *
     * @return when it was acknowledged, on the clock of {@link System#nanoTime}
     */
    long send(InetSocketAddress server, String sender) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setSoTimeout(LONGEST_SILENCE);
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            expect(in, '2');
            say(out, "EHLO load.test\r\n");
            expect(in, '2');
            say(out, "MAIL FROM:<" + sender + ">\r\n");
            expect(in, '2');
            for (int from = 0; from < recipients.size(); from += GROUP) {
                List<String> group = recipients.subList(from, Math.min(from + GROUP, recipients.size()));
                say(out, "RCPT TO:<" + String.join(">\r\nRCPT TO:<", group) + ">\r\n");
                for (int i = 0; i < group.size(); i++) {
                    expect(in, '2');
                }
            }
            say(out, "DATA\r\n");
            expect(in, '3');
            say(out, text(sender));
            expect(in, '2');
            long acknowledged = System.nanoTime();
            say(out, "QUIT\r\n");
            return acknowledged;
        }
    }

    private String text(String sender) {
        String header = "From: <" + sender + ">\r\nTo: everybody: ;\r\nSubject: explode\r\n\r\n";
        return header + LINE.repeat(Math.max(1, (size - header.length()) / LINE.length())) + ".\r\n";
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void expect(BufferedReader in, char kind) throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        if (line == null || line.isEmpty() || line.charAt(0) != kind) {
            throw new IOException("the server said " + line);
        }
    }
}
