package org.tawnymail.proof.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.tawnymail.base.Octets;

/**
 * Enters in the ledger what stands in mailboxes and at the other host, and takes it away. Mailboxes are looked into while
 * nobody delivers to them.
 */
final class Findings {

    private static final String DELIVERED_TO = "Delivered-To: ";
    private static final String FROM_LINE = "From ";

    private final Ledger ledger;

    Findings(Ledger ledger) {
        this.ledger = ledger;
    }

    /** A Maildir: everything in {@code new} must be whole. */
    void maildir(Path maildir) throws IOException {
        for (Path file : files(maildir.resolve("new"))) {
            byte[] text = Files.readAllBytes(file);
            delivered(text, file.toString());
            Files.delete(file);
        }
    }

    /** A Maildir that gets bounces: each tells of recipients and ends with a whole copy. */
    void bounces(Path maildir) throws IOException {
        for (Path file : files(maildir.resolve("new"))) {
            byte[] text = Files.readAllBytes(file);
            bounce(text, file.toString());
            Files.delete(file);
        }
    }

    /** Files that a program line has made, each with its whole input. */
    void kept(Path directory, String suffix, String recipient) throws IOException {
        for (Path file : files(directory)) {
            if (file.toString().endsWith(suffix)) {
                whole(Files.readAllBytes(file), recipient, file.toString());
                Files.delete(file);
            }
        }
    }

    /** An mbox: what is not whole is counted as a piece. */
    void mbox(Path mbox) throws IOException {
        if (Files.notExists(mbox)) {
            return;
        }
        for (byte[] message : messages(Files.readAllBytes(mbox))) {
            if (Letter.read(message) instanceof Letter.Reading.Whole(String name)) {
                ledger.found(name, recipient(message), mbox.toString());
            } else {
                ledger.piece();
            }
        }
        Files.delete(mbox);
    }

    /** What another host was handed. */
    void sunk(String recipient, byte[] text) {
        whole(text, recipient, "the other host");
    }

    private void delivered(byte[] text, String place) {
        whole(text, recipient(text), place);
    }

    private void whole(byte[] text, String recipient, String place) {
        switch (Letter.read(text)) {
            case Letter.Reading.Whole(String name) -> ledger.found(name, recipient, place);
            case Letter.Reading.Torn(String why) -> ledger.violation("torn: " + place + ": " + why);
        }
    }

    private void bounce(byte[] text, String place) {
        if (!(Letter.read(text) instanceof Letter.Reading.Whole(String name))) {
            ledger.violation("torn: bounce " + place + " has no whole copy");
            return;
        }
        int told = 0;
        for (String line : Octets.text(text).split("\n", -1)) {
            if (line.startsWith("--- Below this line")) {
                break;
            }
            if (line.startsWith("<") && line.endsWith(">:")) {
                ledger.bounced(name, line.substring(1, line.length() - 2), place);
                told++;
            }
        }
        if (told == 0) {
            ledger.violation("bounce " + place + " tells of nobody");
        }
    }

    /** Whom the first {@code Delivered-To} line names. */
    private static String recipient(byte[] text) {
        String front = Octets.text(text, 0, Math.min(text.length, 4096));
        int at = front.indexOf(DELIVERED_TO);
        int end = front.indexOf('\n', at);
        return at < 0 || end < 0 ? "" : front.substring(at + DELIVERED_TO.length(), end);
    }

    /** The messages of an mbox as a reader finds them, without their {@code From } lines and the empty line behind each. */
    private static List<byte[]> messages(byte[] mbox) {
        List<byte[]> messages = new ArrayList<>();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (int at = 0; at < mbox.length; ) {
            int end = at;
            while (end < mbox.length && mbox[end] != '\n') {
                end++;
            }
            end = Math.min(mbox.length, end + 1);
            if (startsWith(mbox, at, FROM_LINE)) {
                add(messages, message);
            } else {
                int from = isQuoted(mbox, at) ? at + 1 : at;
                message.write(mbox, from, end - from);
            }
            at = end;
        }
        add(messages, message);
        return messages;
    }

    private static void add(List<byte[]> messages, ByteArrayOutputStream message) {
        byte[] text = message.toByteArray();
        message.reset();
        if (text.length > 0) {
            boolean separated = text.length > 1 && text[text.length - 1] == '\n';
            messages.add(separated ? Arrays.copyOf(text, text.length - 1) : text);
        }
    }

    private static boolean isQuoted(byte[] mbox, int at) {
        int from = at;
        while (from < mbox.length && mbox[from] == '>') {
            from++;
        }
        return from > at && startsWith(mbox, from, FROM_LINE);
    }

    private static boolean startsWith(byte[] bytes, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= bytes.length || bytes[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static List<Path> files(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
