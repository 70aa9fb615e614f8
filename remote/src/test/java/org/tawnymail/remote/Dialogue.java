package org.tawnymail.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A dialogue from a file: what hosts hear ({@code C:}) and say ({@code S:}), and what is reported ({@code R:}, further lines of
 * one report {@code R+}).
 *
 * <p>Consecutive {@code C:} lines have to come without a reply in between; consecutive {@code S:} lines go out in one write.
 * A line {@code host ADDRESS} begins another host, {@code connection} the next connection to it; {@code close} breaks the connection, {@code
 * silent} says no more. At the end of each connection the client has to close it. Settings come first: {@code sender}, {@code
 * recipient}, {@code message}, {@code letters}, {@code control NAME VALUE}.
 */
record Dialogue(
        String sender,
        List<String> recipients,
        String message,
        int letters,
        Map<String, String> controls,
        Map<String, List<List<String>>> hosts,
        List<String> reports) {

    static Dialogue read(Path file) {
        try {
            return parse(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Dialogue parse(List<String> lines) {
        String sender = "ann@sender.test";
        List<String> recipients = new ArrayList<>();
        String message = "Subject: hello\n\nHow are you?\n";
        int letters = 1;
        Map<String, String> controls = new LinkedHashMap<>();
        Map<String, List<List<String>>> hosts = new LinkedHashMap<>();
        List<List<String>> host = new ArrayList<>();
        List<String> connection = new ArrayList<>();
        List<String> reports = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" ", 2);
            String rest = words.length > 1 ? plain(words[1]) : "";
            switch (words[0]) {
                case "", "#" -> {}
                case "sender" -> sender = rest;
                case "recipient" -> recipients.add(rest);
                case "message" -> message = rest;
                case "letters" -> letters = Integer.parseInt(rest);
                case "control" -> controls.put(rest.split(" ", 2)[0], rest.split(" ", 2)[1]);
                case "host" -> {
                    host = new ArrayList<>();
                    hosts.put(rest, host);
                }
                case "connection" -> {
                    connection = new ArrayList<>();
                    host.add(connection);
                }
                case "C:", "S:", "close", "silent" -> {
                    if (hosts.isEmpty()) {
                        hosts.put("127.0.0.1", host);
                    }
                    if (host.isEmpty()) {
                        connection = new ArrayList<>();
                        host.add(connection);
                    }
                    connection.add(words[0].charAt(0) + rest);
                }
                case "R:" -> reports.add(rest);
                case "R+" -> reports.add(reports.removeLast() + "\n" + rest);
                default -> throw new IllegalArgumentException("no such line in a dialogue: " + line);
            }
        }
        if (recipients.isEmpty()) {
            recipients.add("bob@far.test");
        }
        return new Dialogue(sender, recipients, message, letters, controls, hosts, reports);
    }

    private static String plain(String text) {
        return text.replace("\\xf6", "\u00f6")
                .replace("\\0", "\0")
                .replace("\\n", "\n")
                .replace("\\r", "\r");
    }
}
