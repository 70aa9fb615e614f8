package org.tawnymail.remote.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;

class DotStuffingTest {

    private static final int ROUNDS = 5_000;

    @Test
    void whatAServerDecodesIsTheMessageWithItsLineEndsMadeEqual() throws IOException {
        Random random = new Random(20261122);
        String signs = "...\r\r\r\n\n\nab\0\u00ff ";
        try (Loopback loopback = new Loopback(Duration.ofSeconds(10))) {
            InputStream in = new BufferedInputStream(loopback.host.getInputStream());
            for (int round = 0; round < ROUNDS; round++) {
                StringBuilder message = new StringBuilder();
                for (int i = random.nextInt(30); i > 0; i--) {
                    message.append(signs.charAt(random.nextInt(signs.length())));
                }
                boolean whole = send(loopback.wire, Octets.of(message.toString()), random);
                String lines = linesOf(message.toString());
                assertThat(whole).isEqualTo(lines.isEmpty() || lines.endsWith("\n"));
                if (!whole) {
                    loopback.wire.put((byte) '\r');
                    loopback.wire.put((byte) '\n');
                }
                loopback.wire.command(".");
                loopback.wire.flush();
                assertThat(decoded(in)).isEqualTo(whole ? lines : lines + "\n");
            }
        }
    }

    @Test
    void aLongMessageOfLongLinesAndEightBitOctetsPassesUntouched() throws Exception {
        byte[] message = new byte[100_000];
        Arrays.fill(message, (byte) 0xe4);
        message[message.length - 1] = '\n';
        try (Loopback loopback = new Loopback(Duration.ofSeconds(10))) {
            Thread sending = Thread.ofVirtual().start(() -> {
                try {
                    send(loopback.wire, message, new Random(1));
                    loopback.wire.command(".");
                    loopback.wire.flush();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(decoded(new BufferedInputStream(loopback.host.getInputStream())))
                    .isEqualTo(Octets.text(message));
            sending.join();
        }
    }

    /** Sends in blocks of any size, as a message may be read. */
    private static boolean send(Wire wire, byte[] message, Random random) throws IOException {
        DotStuffing encoder = new DotStuffing(wire);
        int at = 0;
        while (at < message.length) {
            int length = Math.min(message.length - at, 1 + random.nextInt(9_000) % (at == 0 ? 7 : 9_000));
            encoder.write(Arrays.copyOfRange(message, at, at + length), length);
            at += length;
        }
        return encoder.isWhole();
    }

    /** The message with LF as its only line end: CR LF, CR and LF each were one. */
    private static String linesOf(String message) {
        return message.replace("\r\n", "\n").replace('\r', '\n');
    }

    /** A plain reading of RFC 5321, section 4.5.2, that knows no line end but CR LF. */
    private static String decoded(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (true) {
            String line = line(in);
            if (line.equals(".")) {
                return text.toString();
            }
            assertThat(line).doesNotContain("\r").doesNotContain("\n");
            text.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("the message has no end");
            }
            line.append((char) octet);
            int length = line.length();
            if (length >= 2 && line.charAt(length - 2) == '\r' && octet == '\n') {
                return line.substring(0, length - 2);
            }
        }
    }
}
