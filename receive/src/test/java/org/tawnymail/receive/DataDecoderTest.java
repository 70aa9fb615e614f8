package org.tawnymail.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;

/** The block-wise decoder against the table of the core spec, section 8.7, written down as it stands there. */
final class DataDecoderTest {

    /** What an octet stream is: the text, where its end or its first bare LF is, and which of the two. */
    private record Reading(String text, int position, DataDecoder.Progress progress) {}

    @Test
    void readsEveryShortSequenceAsTheTableSays() {
        byte[] alphabet = {'\r', '\n', '.', 'x'};
        for (int length = 0; length <= 7; length++) {
            for (int number = 0; number < 1 << (2 * length); number++) {
                byte[] octets = new byte[length];
                for (int i = 0; i < length; i++) {
                    octets[i] = alphabet[number >> (2 * i) & 3];
                }
                assertSame(byTheTable(octets), decoded(octets, length + 1, new Random(0)), octets);
                assertSame(byTheTable(octets), decoded(octets, 1, new Random(0)), octets);
            }
        }
    }

    @Test
    void readsRandomStreamsCutAtRandomPlacesAsTheTableSays() {
        Random random = new Random(20250307);
        byte[] likely = {'\r', '\r', '\r', '.', '.', 'x', 'y', 0, (byte) 0xff};
        for (int round = 0; round < 20_000; round++) {
            byte[] octets = new byte[random.nextInt(200)];
            for (int i = 0; i < octets.length; i++) {
                boolean endsLine = i > 0 && octets[i - 1] == '\r' && random.nextInt(4) > 0;
                octets[i] = endsLine || random.nextInt(200) == 0 ? (byte) '\n' : likely[random.nextInt(likely.length)];
            }
            assertSame(byTheTable(octets), decoded(octets, 1 + random.nextInt(40), random), octets);
        }
    }

    private static void assertSame(Reading expected, Reading actual, byte[] octets) {
        assertThat(actual.progress).as("what %s leads to", octets).isEqualTo(expected.progress);
        assertThat(actual.position).as("where %s ends", octets).isEqualTo(expected.position);
        assertThat(actual.text).as("text of %s", octets).isEqualTo(expected.text);
    }

    /** @param longest blocks are of 1 to so many octets */
    private static Reading decoded(byte[] octets, int longest, Random random) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        DataDecoder decoder = new DataDecoder((bytes, from, to) -> text.write(bytes, from, to - from));
        int start = 0;
        while (start < octets.length) {
            int length = Math.min(octets.length - start, 1 + random.nextInt(longest));
            byte[] block = new byte[length + 3];
            System.arraycopy(octets, start, block, 3, length);
            DataDecoder.Progress progress = decoder.decode(block, 3, block.length);
            if (progress != DataDecoder.Progress.MORE) {
                return new Reading(Octets.text(text.toByteArray()), start + decoder.position() - 3, progress);
            }
            assertThat(decoder.position()).isEqualTo(block.length);
            start += length;
        }
        return new Reading(Octets.text(text.toByteArray()), octets.length, DataDecoder.Progress.MORE);
    }

    private static Reading byTheTable(byte[] octets) {
        ByteArrayOutputStream put = new ByteArrayOutputStream();
        int state = 1;
        for (int i = 0; i < octets.length; i++) {
            byte b = octets[i];
            boolean lf = b == '\n';
            boolean cr = b == '\r';
            if (lf && state < 3) {
                return new Reading(Octets.text(put.toByteArray()), i + 1, DataDecoder.Progress.BARE_LF);
            }
            switch (state) {
                case 0 -> {
                    if (cr) {
                        state = 4;
                    } else {
                        put.write(b);
                    }
                }
                case 1 -> {
                    if (cr) {
                        state = 4;
                    } else if (b == '.') {
                        state = 2;
                    } else {
                        put.write(b);
                        state = 0;
                    }
                }
                case 2 -> {
                    if (cr) {
                        state = 3;
                    } else {
                        put.write(b);
                        state = 0;
                    }
                }
                case 3 -> {
                    if (lf) {
                        return new Reading(Octets.text(put.toByteArray()), i + 1, DataDecoder.Progress.END);
                    }
                    put.write('.');
                    put.write('\r');
                    if (cr) {
                        state = 4;
                    } else {
                        put.write(b);
                        state = 0;
                    }
                }
                default -> {
                    if (lf) {
                        put.write('\n');
                        state = 1;
                    } else {
                        put.write('\r');
                        if (!cr) {
                            put.write(b);
                            state = 0;
                        }
                    }
                }
            }
        }
        return new Reading(Octets.text(put.toByteArray()), octets.length, DataDecoder.Progress.MORE);
    }
}
