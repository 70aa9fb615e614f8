package org.tawnymail.remote.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;

class WireTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    @Test
    void aReplyIsAllItsLinesWithoutCarriageReturns() throws IOException {
        assertThat(reply("250-one\r\n250-two\n250 three\r\n"))
                .isEqualTo(new Reply(250, "250-one\n250-two\n250 three\n"));
    }

    @Test
    void aReplyMayBeACodeAlone() throws IOException {
        assertThat(reply("354\r\n")).isEqualTo(new Reply(354, "354\n"));
    }

    @Test
    void aLineWithoutThreeDigitsIsGarbledAndTemporary() throws IOException {
        for (String line : new String[] {"\n", "25\r\n", "2x0 ok\n", "SSH-2.0-x\n", "  250 ok\n"}) {
            Reply reply = reply(line);
            assertThat(reply.code()).as(line).isEqualTo(Reply.GARBLED);
            assertThat(reply.isTemporary()).isTrue();
        }
    }

    @Test
    void repliesInOnePacketAreToldApart() throws IOException {
        try (Loopback loopback = new Loopback(LONG)) {
            say(loopback, "250 a\r\n550-b\r\n550 c\r\n354 d\r\n");
            assertThat(loopback.wire.reply().text()).isEqualTo("250 a\n");
            assertThat(loopback.wire.hasUnreadInput()).isTrue();
            assertThat(loopback.wire.reply().code()).isEqualTo(550);
            assertThat(loopback.wire.reply().code()).isEqualTo(354);
            assertThat(loopback.wire.hasUnreadInput()).isFalse();
        }
    }

    @Test
    void ofALongReplyFiveThousandOctetsAreKept() throws IOException {
        Reply reply = reply("550-" + "x".repeat(6_000) + "\r\n250 end\r\n");
        assertThat(reply.code()).isEqualTo(550);
        assertThat(reply.text()).hasSize(5000).startsWith("550-xxx").endsWith("xxx");
    }

    @Test
    void aHostThatNeverEndsItsReplyIsNotListenedTo() throws IOException {
        try (Loopback loopback = new Loopback(LONG)) {
            say(loopback, "220-hello\r\n".repeat(7_000));
            assertThatThrownBy(loopback.wire::reply)
                    .isInstanceOf(IOException.class)
                    .hasMessage("reply too long");
        }
    }

    @Test
    void aReplyThatBreaksOffIsNone() throws IOException {
        try (Loopback loopback = new Loopback(LONG)) {
            say(loopback, "250-ok\r\n25");
            loopback.host.shutdownOutput();
            assertThatThrownBy(loopback.wire::reply).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void theLimitHoldsForTheReplyAsAWhole() throws Exception {
        try (Loopback loopback = new Loopback(Duration.ofMillis(300))) {
            AtomicBoolean over = new AtomicBoolean();
            Thread dripping = Thread.ofVirtual().start(() -> {
                while (!over.get()) {
                    try {
                        say(loopback, "2");
                    } catch (IOException gone) {
                        return;
                    }
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                }
            });
            assertThatThrownBy(loopback.wire::reply).isInstanceOf(SocketTimeoutException.class);
            over.set(true);
            dripping.join();
        }
    }

    @Test
    void aHostThatTakesNothingIsGivenUp() throws IOException {
        try (Loopback loopback = new Loopback(Duration.ofMillis(300))) {
            byte[] much = new byte[64 << 20];
            assertThatThrownBy(() -> loopback.wire.put(much, 0, much.length)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void noOctetsWhatsoeverBreakTheReading() throws IOException {
        Random random = new Random(20261122);
        String signs = "0123459-- \r\n\n\nx\0";
        for (int round = 0; round < 500; round++) {
            StringBuilder said = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                said.append(signs.charAt(random.nextInt(signs.length())));
            }
            try (Loopback loopback = new Loopback(LONG)) {
                say(loopback, said.toString());
                loopback.host.shutdownOutput();
                int replies = 0;
                try {
                    while (true) {
                        Reply reply = loopback.wire.reply();
                        assertThat(reply.text()).doesNotContain("\r").endsWith("\n");
                        replies++;
                    }
                } catch (EOFException end) {
                    assertThat(replies).isLessThanOrEqualTo(said.length());
                }
            }
        }
    }

    private static Reply reply(String said) throws IOException {
        try (Loopback loopback = new Loopback(LONG)) {
            say(loopback, said);
            return loopback.wire.reply();
        }
    }

    private static void say(Loopback loopback, String text) throws IOException {
        loopback.host.getOutputStream().write(Octets.of(text));
    }
}
