package org.tawnymail.pickup.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What any POP3 client reads is what the Maildir holds: with CRLF for LF, and one empty line more. */
class MessageSendingTest {

    private static final byte[] ALPHABET = {'\n', '\n', '.', '.', '\r', ' ', 'a', 0, (byte) 0xe9};

    @Test
    void whatAClientDecodesIsWhatTheMaildirHolds() throws IOException {
        Random random = new Random(20260101);
        for (int round = 0; round < 3_000; round++) {
            byte[] message = message(random, random.nextInt(40));
            assertThat(decoded(sent(message, Long.MAX_VALUE, 1 + random.nextInt(10))))
                    .as("round %d", round)
                    .isEqualTo(withEmptyLine(message));
        }
    }

    @Test
    void noStretchOfALargeMessageIsSpoiledAtTheSeamsOfBlocks() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 30; round++) {
            byte[] message = message(random, 8192 * 3 + random.nextInt(30));
            assertThat(decoded(sent(message, Long.MAX_VALUE, 100_000))).isEqualTo(withEmptyLine(message));
        }
    }

    @Test
    void topSendsTheHeaderAndSoManyLines() throws IOException {
        Random random = new Random(8);
        for (int round = 0; round < 3_000; round++) {
            byte[] message = message(random, random.nextInt(60));
            int lines = random.nextInt(5);
            assertThat(decoded(sent(message, lines, 1 + random.nextInt(10))))
                    .as("round %d", round)
                    .isEqualTo(withEmptyLine(top(message, lines)));
        }
    }

    private static byte[] message(Random random, int length) {
        byte[] message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = ALPHABET[random.nextInt(ALPHABET.length)];
        }
        return message;
    }

    private static byte[] sent(byte[] message, long lines, int mostPerRead) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReplyWriter replies = new ReplyWriter(out);
        InputStream dripping = new ByteArrayInputStream(message) {
            @Override
            public int read(byte[] to) {
                return read(to, 0, Math.min(to.length, mostPerRead));
            }
        };
        MessageSending.send(dripping, lines, replies);
        replies.flush();
        return out.toByteArray();
    }

    /** The decoder of RFC 1939, section 3, written for lines: ends at the dot, takes away the stuffed one. */
    private static byte[] decoded(byte[] sent) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int from = 0;
        while (true) {
            int to = from;
            while (sent[to] != '\r' || sent[to + 1] != '\n') {
                to++;
            }
            if (to - from == 1 && sent[from] == '.') {
                assertThat(to + 2).as("nothing follows the dot").isEqualTo(sent.length);
                return message.toByteArray();
            }
            int start = sent[from] == '.' ? from + 1 : from;
            message.write(sent, start, to - start);
            message.write('\n');
            from = to + 2;
        }
    }

    private static byte[] top(byte[] message, int bodyLines) {
        ByteArrayOutputStream top = new ByteArrayOutputStream();
        boolean inHeader = true;
        int left = bodyLines;
        int from = 0;
        while (from < message.length && (inHeader || left-- > 0)) {
            int to = from;
            while (to < message.length && message[to] != '\n') {
                to++;
            }
            inHeader = inHeader && to > from;
            int end = Math.min(message.length, to + 1);
            top.write(message, from, end - from);
            from = end;
        }
        return top.toByteArray();
    }

    private static byte[] withEmptyLine(byte[] message) {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(message);
        if (message.length > 0 && message[message.length - 1] != '\n') {
            expected.write('\n');
        }
        expected.write('\n');
        return expected.toByteArray();
    }
}
