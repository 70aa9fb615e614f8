package org.tawnymail.message.header;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;

/**
 * What a notice shows of a message: the values of a few fields, and the beginning of what was written.
 *
 * <p>Everything is as it stands in the message; who shows it on a terminal makes it {@linkplain #printable harmless} first.
 *
 * @param returnPath the value of the first Return-Path field
 * @param deliveredTo the value of the first Delivered-To field
 * @param from the whole of the last From field, without its line end
 * @param text the value of the last Subject field with its line end, then the body, up to a length
 */
public record Glimpse(Optional<String> returnPath, Optional<String> deliveredTo, Optional<String> from, String text) {

    /**
     * Looks at a message.
     *
     * @param length how many octets of subject and body together are of interest; the rest of the message is not read
     */
    public static Glimpse of(InputStream message, int length) throws IOException {
        HeaderReader reader = new HeaderReader(message);
        Map<FieldName, HeaderField> first = new EnumMap<>(FieldName.class);
        Map<FieldName, HeaderField> last = new EnumMap<>(FieldName.class);
        Optional<HeaderField> next = reader.next();
        while (next.isPresent()) {
            HeaderField field = next.get();
            if (field.name().isPresent()) {
                first.putIfAbsent(field.name().get(), field);
                last.put(field.name().get(), field);
            }
            next = reader.next();
        }
        HeaderField subject = last.get(FieldName.SUBJECT);
        String text = (subject == null ? "" : subject.value()) + body(reader.body(), length);
        return new Glimpse(
                value(first.get(FieldName.RETURN_PATH)),
                value(first.get(FieldName.DELIVERED_TO)),
                Optional.ofNullable(last.get(FieldName.FROM)).map(from -> line(from.text())),
                text.substring(0, Math.min(length, text.length())));
    }

    /** A text with something else for each octet that is not printable ASCII: a terminal obeys some of these. */
    public static String printable(String text, char instead) {
        StringBuilder harmless = new StringBuilder(text);
        for (int i = 0; i < harmless.length(); i++) {
            char c = harmless.charAt(i);
            if (c < ' ' || c > '~') {
                harmless.setCharAt(i, instead);
            }
        }
        return harmless.toString();
    }

    /** The beginning of the body, without the empty line that parts it from the header. */
    private static String body(InputStream in, int length) throws IOException {
        byte[] start = in.readNBytes(length + 1);
        return start.length == 0 ? "" : Octets.text(start, 1, start.length - 1);
    }

    private static Optional<String> value(@Nullable HeaderField field) {
        return Optional.ofNullable(field).map(present -> line(present.value()));
    }

    private static String line(String value) {
        return value.endsWith("\n") ? value.substring(0, value.length() - 1) : value;
    }
}
