package org.tawnymail.tcp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.StringTokenizer;

/** Ports by number or by name. */
final class Ports {

    /** Where a system names its services. */
    static final Path SERVICES = Path.of("/etc/services");

    private static final int LARGEST = 65535;

    /** What a mail host needs even where the system has no list of services, as in small containers. */
    private static final Map<String, Integer> MAIL_SERVICES = Map.ofEntries(
            Map.entry("smtp", 25),
            Map.entry("pop3", 110),
            Map.entry("pop-3", 110),
            Map.entry("ident", 113),
            Map.entry("auth", 113),
            Map.entry("imap", 143),
            Map.entry("qmtp", 209),
            Map.entry("smtps", 465),
            Map.entry("submissions", 465),
            Map.entry("submission", 587),
            Map.entry("qmqp", 628),
            Map.entry("imaps", 993),
            Map.entry("pop3s", 995));

    /** The port that an operand means; junk behind a number makes it a name (companions spec, section 0.2). */
    static OptionalInt port(String operand, Path services) {
        if (isNumber(operand)) {
            return number(operand);
        }
        OptionalInt listed = listed(operand, services);
        if (listed.isPresent()) {
            return listed;
        }
        Integer known = MAIL_SERVICES.get(operand);
        return known == null ? OptionalInt.empty() : OptionalInt.of(known);
    }

    /** Lines of {@code NAME NUMBER/tcp ALIAS ...  # comment}. */
    private static OptionalInt listed(String name, Path services) {
        try {
            for (String line : Files.readAllLines(services, StandardCharsets.ISO_8859_1)) {
                int comment = line.indexOf('#');
                StringTokenizer words = new StringTokenizer(comment < 0 ? line : line.substring(0, comment));
                if (words.countTokens() < 2) {
                    continue;
                }
                boolean named = words.nextToken().equals(name);
                String port = words.nextToken();
                while (!named && words.hasMoreTokens()) {
                    named = words.nextToken().equals(name);
                }
                String digits = port.substring(0, Math.max(0, port.length() - "/tcp".length()));
                if (named && port.endsWith("/tcp") && isNumber(digits)) {
                    return number(digits);
                }
            }
        } catch (IOException none) {
            // A system without the list is not an error: the well-known names still are.
            return OptionalInt.empty();
        }
        return OptionalInt.empty();
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static OptionalInt number(String digits) {
        int number = digits.length() > 9 ? LARGEST + 1 : Integer.parseInt(digits);
        return number <= LARGEST ? OptionalInt.of(number) : OptionalInt.empty();
    }

    private Ports() {}
}
