package org.tawnymail.local.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;

class MessageBytesTest {

    private static final byte[] DELIVERED_TO = Octets.of("Delivered-To: ann@corp.example\n");

    @Test
    void aMessageThatHasMyDeliveredToLineInItsHeaderIsLooping() throws IOException {
        assertThat(hasIt("Subject: x\nDelivered-To: ann@corp.example\n\nbody\n"))
                .isTrue();
    }

    @Test
    void theBodyMayQuoteTheLine() throws IOException {
        assertThat(hasIt("Subject: x\n\nDelivered-To: ann@corp.example\n")).isFalse();
    }

    @Test
    void onlyTheSameBytesAreTheSameLine() throws IOException {
        assertThat(hasIt("delivered-to: ann@corp.example\n\n")).isFalse();
        assertThat(hasIt("Delivered-To: ann@corp.example \n\n")).isFalse();
        assertThat(hasIt("Delivered-To: ann@corp.example2\n\n")).isFalse();
        assertThat(hasIt("Delivered-To: ann@corp\n\n")).isFalse();
        assertThat(hasIt("XDelivered-To: ann@corp.example\n\n")).isFalse();
    }

    @Test
    void aLastLineWithoutAnEndIsNotLookedAt() throws IOException {
        assertThat(hasIt("Delivered-To: ann@corp.example")).isFalse();
    }

    @Test
    void theLineIsFoundWhereverInALongHeaderItStands() throws IOException {
        for (int before : new int[] {8_000, 65_500, 65_520, 65_536, 200_000}) {
            String header = "X: y\n".repeat(before / 5);
            assertThat(hasIt(header + "Delivered-To: ann@corp.example\n\n")).isTrue();
            assertThat(hasIt(header + "\nDelivered-To: ann@corp.example\n\n")).isFalse();
        }
    }

    @Test
    void everyReadingBeginsAtTheFirstByte() throws IOException {
        for (int size : new int[] {0, 1, 8_191, 8_192, 65_535, 65_536, 65_537, 300_000}) {
            String text = "abcdefgh\n".repeat(size / 9 + 1).substring(0, size);
            MessageBytes bytes = MessageBytes.of(new MemoryInput(text));
            for (int time = 0; time < 2; time++) {
                assertThat(Octets.text(bytes.read().readAllBytes())).isEqualTo(text);
            }
            MessageBytes queued = MessageBytes.of(MemoryInput.message(text), new MemoryInput(text));
            assertThat(Octets.text(queued.read().readAllBytes())).isEqualTo(text);
        }
    }

    private static boolean hasIt(String message) throws IOException {
        boolean queued = MessageBytes.of(MemoryInput.message(message), new MemoryInput(message))
                .hasHeaderLine(DELIVERED_TO);
        assertThat(MemoryInput.bytes(message).hasHeaderLine(DELIVERED_TO)).isEqualTo(queued);
        return queued;
    }
}
