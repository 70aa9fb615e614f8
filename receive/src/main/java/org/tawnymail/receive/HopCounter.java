package org.tawnymail.receive;

/**
 * Counts the {@code Received:} and {@code Delivered-To:} fields of a header as it goes by, to find messages that loop
 * (core spec, section 8.6). Takes decoded bytes, with LF at the line ends, in pieces of any size.
 *
 * <p>The original takes any field whose name begins with "received" or "delivered" for a hop, {@code
 * Received-SPF:} included; here the whole name counts, colon and all.
 */
final class HopCounter {

    private static final byte[] RECEIVED = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd', ':'};
    private static final byte[] DELIVERED_TO = {'d', 'e', 'l', 'i', 'v', 'e', 'r', 'e', 'd', '-', 't', 'o', ':'};
    private static final byte[] NEITHER = {};

    private int hops;
    private boolean inHeader = true;
    /** How many bytes of the line have gone by, as long as they may become a hop. */
    private int column;
    /** What the line may become; nothing at the start of a line and when it has become something else. */
    private byte[] candidate = NEITHER;

    int hops() {
        return hops;
    }

    void take(byte[] bytes, int from, int to) {
        int at = from;
        while (inHeader && at < to) {
            byte b = bytes[at++];
            if (b == '\n') {
                inHeader = column > 0;
                column = 0;
                candidate = NEITHER;
                continue;
            }
            if (column == 0) {
                candidate = candidateFor(b);
            } else if (column < candidate.length && lower(b) != candidate[column]) {
                candidate = NEITHER;
            }
            column++;
            if (column == candidate.length) {
                hops++;
                candidate = NEITHER;
            }
            if (candidate.length == 0) {
                at = endOfLine(bytes, at, to);
            }
        }
    }

    private static byte[] candidateFor(byte first) {
        return switch (first) {
            case 'r', 'R' -> RECEIVED;
            case 'd', 'D' -> DELIVERED_TO;
            default -> NEITHER;
        };
    }

    private static int endOfLine(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b - 'A' + 'a') : b;
    }
}
