package org.tawnymail.remote.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;
import org.tawnymail.remote.TextMessage;

class LetterTest {

    private static final String LONG = "seven bits\n".repeat(5_000);

    @Test
    void anOctetAbove127IsFoundWhereverItStands() throws IOException {
        assertThat(Letter.of(new TextMessage("")).isEightBit()).isFalse();
        assertThat(Letter.of(new TextMessage("plain\n")).isEightBit()).isFalse();
        assertThat(Letter.of(new TextMessage("n\u00e4h\n")).isEightBit()).isTrue();
        assertThat(Letter.of(new TextMessage(LONG)).isEightBit()).isFalse();
        assertThat(Letter.of(new TextMessage(LONG + "\u0080\n")).isEightBit()).isTrue();
        assertThat(Letter.of(new TextMessage("\u0080\n" + LONG)).isEightBit()).isTrue();
    }

    @Test
    void ofAStreamThatCannotBeReadTwiceTheWorstIsAssumed() throws IOException {
        assertThat(ofStream("plain\n").isEightBit()).isFalse();
        assertThat(ofStream("n\u00e4h\n").isEightBit()).isTrue();
        assertThat(ofStream(LONG).isEightBit()).isTrue();
    }

    @Test
    void theSizeIsThatOfTheQueue() throws IOException {
        assertThat(Letter.of(new TextMessage(LONG)).size()).hasValue(LONG.length());
        assertThat(ofStream(LONG).size()).isEmpty();
    }

    @Test
    void allOfItIsSentOnce() throws Exception {
        for (int length : new int[] {0, 1, 8191, 8192, 8193, 16384, 40_000}) {
            String text = LONG.substring(0, length);
            assertThat(sent(Letter.of(new TextMessage(text)))).isEqualTo(text.replace("\n", "\r\n"));
            assertThat(sent(ofStream(text))).isEqualTo(text.replace("\n", "\r\n"));
        }
    }

    private static Letter ofStream(String text) throws IOException {
        return Letter.of(new ByteArrayInputStream(Octets.of(text)));
    }

    private static String sent(Letter letter) throws Exception {
        try (Loopback loopback = new Loopback(Duration.ofSeconds(10))) {
            Thread sending = Thread.ofVirtual().start(() -> {
                try {
                    letter.writeTo(new DotStuffing(loopback.wire));
                    loopback.wire.flush();
                    loopback.wire.close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            byte[] octets = new BufferedInputStream(loopback.host.getInputStream()).readAllBytes();
            sending.join();
            return Octets.text(octets);
        }
    }
}
