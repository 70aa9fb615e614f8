package org.tawnymail.hostile;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.tawnymail.base.Octets;

/**
 * Makes one input from a seed, in one of three ways: random octets; a run of pieces of the parser's own language among
 * tokens that trouble any parser; or a valid sample with some mutations.
 */
final class InputMaker {

    /** Most inputs are short, because short ones find most; one in some hundred is as long as this. */
    static final int LONGEST = 80_000;

    private static final int USUAL_LENGTH = 400;

    private static final List<String> TROUBLE = List.of(
            "\r\n",
            "\n",
            "\r",
            "\0",
            "\t",
            " ",
            ".",
            "..",
            "\r\n.\r\n",
            "\n.\n",
            "\"",
            "\\",
            "'",
            "(",
            ")",
            "<",
            ">",
            "@",
            ",",
            ":",
            ";",
            "[",
            "]",
            "=",
            "-",
            "+",
            "/",
            "../",
            "%",
            "%s",
            "$",
            "#",
            "&",
            "|",
            "!",
            "*",
            "\u007f",
            "\u0080",
            "\u00ff",
            "\u00c3\u00a9",
            "\u00fe\u00ff");

    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "-1",
            "9",
            "00",
            "007",
            "127",
            "128",
            "255",
            "256",
            "1000",
            "32768",
            "65535",
            "65536",
            "99999",
            "2147483647",
            "2147483648",
            "4294967295",
            "4294967296",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551616",
            "99999999999999999999999999",
            "0x10",
            "1e9");

    private static final int[] BINARY_NUMBERS = {
        0, 1, -1, 2, 8, 127, 128, 255, 256, 2047, 2048, 65535, 65536, 1 << 24, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    private final Random random;
    private final List<String> pieces;
    private final List<byte[]> samples;

    InputMaker(Random random, List<String> pieces, List<byte[]> samples) {
        this.random = random;
        this.pieces = pieces;
        this.samples = samples;
    }

    byte[] make() {
        int way = random.nextInt(20);
        if (way < 2) {
            return randomOctets(shortLength());
        }
        if (samples.isEmpty() || (way < 10 && !pieces.isEmpty())) {
            return runOfPieces();
        }
        return mutated(pick(samples).clone());
    }

    /** Cuts an input into the parts in which a connection delivers it. */
    static int[] cuts(Random random, int length) {
        int[] cuts = new int[random.nextInt(Math.min(length, 12) + 1)];
        Arrays.setAll(cuts, i -> random.nextInt(length + 1));
        Arrays.sort(cuts);
        return cuts;
    }

    private byte[] randomOctets(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    private int shortLength() {
        return (int) (USUAL_LENGTH * Math.pow(random.nextDouble(), 3));
    }

    private byte[] runOfPieces() {
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        for (int left = 1 + random.nextInt(1 + random.nextInt(40)); left > 0 && run.size() < LONGEST; left--) {
            byte[] piece = piece();
            for (int times = random.nextInt(40) == 0 ? times(piece.length) : 1; times > 0; times--) {
                run.writeBytes(piece);
            }
        }
        return run.toByteArray();
    }

    private byte[] piece() {
        return switch (random.nextInt(10)) {
            case 0, 1 -> Octets.of(pick(TROUBLE));
            case 2 -> Octets.of(pick(NUMBERS));
            case 3 -> randomOctets(1 + random.nextInt(3));
            default -> Octets.of(pick(pieces.isEmpty() ? TROUBLE : pieces));
        };
    }

    /** How often to repeat a piece: some hundred times, and now and then as deep or long as an input may be. */
    private int times(int length) {
        int most = LONGEST / Math.max(1, length);
        return random.nextInt(4) == 0 ? most : random.nextInt(Math.min(most, 300) + 1);
    }

    private byte[] mutated(byte[] sample) {
        byte[] octets = sample;
        for (int left = 1 + random.nextInt(1 + random.nextInt(8)); left > 0; left--) {
            octets = mutatedOnce(octets);
        }
        return octets.length > LONGEST ? Arrays.copyOf(octets, LONGEST) : octets;
    }

    private byte[] mutatedOnce(byte[] octets) {
        int at = random.nextInt(octets.length + 1);
        int to = Math.min(octets.length, at + shortLength() / 4);
        return switch (random.nextInt(10)) {
            case 0 -> flipped(octets);
            case 1 -> replaced(octets, at, Math.min(octets.length, at + 1), randomOctets(1));
            case 2 -> replaced(octets, at, at, piece());
            case 3 -> replaced(octets, at, to, new byte[0]);
            case 4 -> replaced(octets, at, at, Arrays.copyOfRange(octets, at, to));
            case 5 -> spliced(octets, at);
            case 6 -> Arrays.copyOf(octets, at);
            case 7 -> otherNumber(octets, at);
            case 8 -> otherBinaryNumber(octets);
            default -> replaced(octets, at, to, piece());
        };
    }

    private byte[] flipped(byte[] octets) {
        byte[] changed = octets.clone();
        if (changed.length > 0) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return changed;
    }

    private byte[] spliced(byte[] octets, int at) {
        byte[] other = pick(samples);
        int from = random.nextInt(other.length + 1);
        return replaced(octets, at, octets.length, Arrays.copyOfRange(other, from, other.length));
    }

    /** Writes another number in the place of the next one that stands there in digits. */
    private byte[] otherNumber(byte[] octets, int from) {
        int start = from;
        while (start < octets.length && !isDigit(octets[start])) {
            start++;
        }
        int end = start;
        while (end < octets.length && isDigit(octets[end])) {
            end++;
        }
        return replaced(octets, start, end, Octets.of(pick(NUMBERS)));
    }

    private byte[] otherBinaryNumber(byte[] octets) {
        if (octets.length < 4) {
            return octets;
        }
        byte[] changed = octets.clone();
        int at = random.nextInt(changed.length - 3);
        if (random.nextBoolean()) {
            at &= ~3;
        }
        int number = BINARY_NUMBERS[random.nextInt(BINARY_NUMBERS.length)];
        boolean bigEndian = random.nextBoolean();
        for (int i = 0; i < 4; i++) {
            changed[at + i] = (byte) (number >>> (8 * (bigEndian ? 3 - i : i)));
        }
        return changed;
    }

    private static byte[] replaced(byte[] octets, int from, int to, byte[] with) {
        byte[] changed = Arrays.copyOf(octets, octets.length - (to - from) + with.length);
        System.arraycopy(with, 0, changed, from, with.length);
        System.arraycopy(octets, to, changed, from + with.length, octets.length - to);
        return changed;
    }

    private static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
