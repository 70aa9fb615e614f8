package org.tawnymail.base.tai;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Labels of moments: {@code @400000003b9aca0a} (TAI64, 16 digits) and {@code @400000003b9aca0a00000000} (TAI64N, 8 more for
 * the nanoseconds). As the usual loggers do, seconds are Unix time plus a constant: leap seconds do not count (core spec,
 * section 13.5).
 */
public final class Tai64 {

    /** The label of Unix time 0. */
    private static final long OF_UNIX_EPOCH = (1L << 62) + 10;

    private static final int SECONDS_END = 1 + 16;
    private static final int NANOS_END = SECONDS_END + 8;
    private static final HexFormat HEX = HexFormat.of();

    /** The label of a second, 17 characters. */
    public static String label(Instant when) {
        return "@" + HEX.toHexDigits(OF_UNIX_EPOCH + when.getEpochSecond());
    }

    /** The label of a moment, 25 characters. */
    public static String labelWithNanos(Instant when) {
        long seconds = when.getEpochSecond();
        return "@" + HEX.toHexDigits(OF_UNIX_EPOCH + seconds) + HEX.toHexDigits(when.getNano());
    }

    /** The moment of a label of either kind with which a text begins; nothing if it begins with none. */
    public static Optional<Instant> parse(String text) {
        if (text.length() < SECONDS_END || text.charAt(0) != '@' || !isHex(text, 1, SECONDS_END)) {
            return Optional.empty();
        }
        long seconds = HexFormat.fromHexDigitsToLong(text, 1, SECONDS_END) - OF_UNIX_EPOCH;
        boolean hasNanos = text.length() >= NANOS_END && isHex(text, SECONDS_END, NANOS_END);
        long nanos = hasNanos ? HexFormat.fromHexDigitsToLong(text, SECONDS_END, NANOS_END) : 0;
        try {
            return Optional.of(Instant.ofEpochSecond(seconds, nanos));
        } catch (DateTimeException | ArithmeticException outOfRange) {
            return Optional.empty();
        }
    }

    /** How many characters the label at the beginning of a text has: 25, 17, or 0 if there is none. */
    public static int labelLength(String text) {
        if (parse(text).isEmpty()) {
            return 0;
        }
        return text.length() >= NANOS_END && isHex(text, SECONDS_END, NANOS_END) ? NANOS_END : SECONDS_END;
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private Tai64() {}
}
