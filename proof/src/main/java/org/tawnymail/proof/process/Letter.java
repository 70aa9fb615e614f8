package org.tawnymail.proof.process;

import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.tawnymail.base.Octets;

/**
 * A message of a proof. A line of its header has its name, the length of its body and the body's checksum, so that whoever
 * finds a copy, quoted in a bounce too, can tell whether it is whole.
 *
 * <pre>
 *   Proof: NAME LENGTH CRC32C
 * </pre>
 *
 * The body has lines that each format must quote: dots alone for SMTP, {@code From } for mbox.
 *
 * @param name unlike that of any other letter of the proof
 * @param size about how many octets
 */
record Letter(String name, int size, List<String> recipients) {

    private static final String FIELD = "Proof: ";
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 +-=/,;!?";
    private static final int LONGEST_LINE = 76;

    /** What a text that should hold a letter turned out to be. */
    sealed interface Reading {
        record Whole(String name) implements Reading {}

        record Torn(String why) implements Reading {}
    }

    Letter {
        recipients = List.copyOf(recipients);
    }

    /** The message with LF line ends. */
    byte[] text() {
        String body = body();
        byte[] octets = Octets.of(body);
        return Octets.of("Subject: letter " + name + "\n" + FIELD + name + " " + octets.length + " "
                + crc(octets, 0, octets.length) + "\n\n" + body);
    }

    /** Always the same for a letter of that name. */
    private String body() {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        StringBuilder body = new StringBuilder(size + LONGEST_LINE + 8);
        while (body.length() < size || body.isEmpty()) {
            switch (random.nextInt(20)) {
                case 0 -> body.append(".\n");
                case 1 -> body.append("..").append(name).append('\n');
                case 2 -> body.append("From here to ").append(name).append('\n');
                case 3 -> body.append('\n');
                default -> line(body, random);
            }
        }
        return body.append("end of letter ").append(name).append('\n').toString();
    }

    private static void line(StringBuilder body, SplittableRandom random) {
        int length = 1 + random.nextInt(LONGEST_LINE);
        int from = random.nextInt(LETTERS.length());
        for (int i = 0; i < length; i++) {
            body.append(LETTERS.charAt((from + 7 * i) % LETTERS.length()));
        }
        body.append("\n");
    }

    /** Looks for the letter with which a text ends. */
    static Reading read(byte[] text) {
        // The header is looked for in the front part alone: most of a large letter need not become a string.
        String front = Octets.text(text, 0, Math.min(text.length, 64 << 10));
        int field = front.startsWith(FIELD) ? 0 : front.indexOf("\n" + FIELD) + 1;
        int end = front.indexOf('\n', field);
        int body = front.indexOf("\n\n", field) + 2;
        if ((field == 0 && !front.startsWith(FIELD)) || end < 0 || body < 2) {
            return new Reading.Torn("there is no whole header of a letter in it");
        }
        String[] words = front.substring(field + FIELD.length(), end).split(" ", -1);
        if (words.length != 3) {
            return new Reading.Torn("its line \"" + front.substring(field, end) + "\" is cut");
        }
        int length = text.length - body;
        if (!words[1].equals(Integer.toString(length))) {
            return new Reading.Torn("letter " + words[0] + " has " + length + " octets instead of " + words[1]);
        }
        return words[2].equals(crc(text, body, length))
                ? new Reading.Whole(words[0])
                : new Reading.Torn("letter " + words[0] + " has other octets than were sent");
    }

    private static String crc(byte[] octets, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(octets, from, length);
        return Long.toHexString(crc.getValue());
    }
}
