package org.tawnymail.inject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tawnymail.base.Octets;

/** One dialogue with qmail-inject, as README.md beside the files describes it. */
final class InjectDialogue {

    /** The control files of the examples of the core spec, section 3. */
    static final Map<String, String> CORP_EXAMPLE = Map.of(
            "me", "mx.corp.example",
            "defaulthost", "mail.corp.example",
            "defaultdomain", "corp.example",
            "plusdomain", "big.example",
            "idhost", "id.corp.example");

    private final Map<String, String> controls = new TreeMap<>();
    private final Map<String, String> environment = new TreeMap<>();
    final Map<String, String> files = new TreeMap<>();
    final List<String> senders = new ArrayList<>();
    final List<String> recipients = new ArrayList<>();
    private final StringBuilder input = new StringBuilder();
    private final StringBuilder output = new StringBuilder();
    private final StringBuilder errors = new StringBuilder();
    private boolean noControls;
    Optional<String> unreadableControl = Optional.empty();
    Optional<String> refusal = Optional.empty();
    List<String> arguments = List.of("-n");
    boolean homeIsMissing;
    boolean inputBreaks;
    int exitCode;

    private InjectDialogue() {}

    static InjectDialogue read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        InjectDialogue dialogue = new InjectDialogue();
        for (String line : lines.subList(lines.indexOf("") + 1, lines.size())) {
            dialogue.take(octets(line));
        }
        return dialogue;
    }

    Map<String, String> controls() {
        return controls.isEmpty() && !noControls ? CORP_EXAMPLE : controls;
    }

    Map<String, String> environment() {
        return environment.isEmpty() ? Map.of("USER", "ann") : environment;
    }

    byte[] input() {
        return Octets.of(input.toString());
    }

    String output() {
        return output.toString();
    }

    String errors() {
        return errors.toString();
    }

    private void take(String line) {
        int colon = line.indexOf(':');
        String key = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + (line.startsWith(" ", colon + 1) ? 2 : 1));
        switch (key) {
            case "C" -> input.append(value).append('\n');
            case "C-" -> input.append(value);
            case "S" -> output.append(value).append('\n');
            case "E" -> errors.append(value).append('\n');
            case "F" -> senders.add(value);
            case "T" -> recipients.add(value);
            case "args" -> arguments = words(value);
            case "exit" -> exitCode = Integer.parseInt(value);
            case "queue" -> refusal = Optional.of(value);
            case "home" -> homeIsMissing = true;
            case "stdin" -> inputBreaks = true;
            case "control none" -> noControls = true;
            case "control-unreadable" -> unreadableControl = Optional.of(value);
            default -> takeSetting(line, key, value);
        }
    }

    private void takeSetting(String line, String key, String value) {
        if (key.startsWith("control ")) {
            controls.put(key.substring(8), value + "\n");
        } else if (key.startsWith("file ")) {
            files.merge(key.substring(5), value + "\n", String::concat);
        } else if (line.startsWith("env ")) {
            int equals = line.indexOf('=');
            environment.put(line.substring(4, equals), line.substring(equals + 1));
        } else {
            throw new IllegalArgumentException("what is this? " + line);
        }
    }

    /** Words as a shell reads them, with single quotes and nothing else. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inQuotes = false;
        boolean begun = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\'') {
                inQuotes = !inQuotes;
                begun = true;
            } else if (c == ' ' && !inQuotes) {
                if (begun) {
                    words.add(word.toString());
                }
                word.setLength(0);
                begun = false;
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }

    private static String octets(String line) {
        StringBuilder octets = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '{' && i + 3 < line.length() && line.charAt(i + 3) == '}') {
                octets.append((char) Integer.parseInt(line.substring(i + 1, i + 3), 16));
                i += 3;
            } else {
                octets.append(line.charAt(i));
            }
        }
        return octets.toString();
    }
}
