package org.tawnymail.proof;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tawnymail.base.Octets;
import org.tawnymail.proof.disk.DiskState;

/**
 * Reads the mailboxes of a disk as a mail reader does. What was read once of a file that has not changed since is remembered:
 * a thousand states of the disk have most of their mail in common.
 */
final class Mailboxes {

    /** Contents of so many files are remembered. */
    private static final int MOST_REMEMBERED = 512;

    /**
     * What stands in a file.
     *
     * @param tornPieces rows of messages in it that are not whole
     */
    record Contents(List<Reading> readings, int tornPieces) {}

    private final List<Letter> letters;

    /** By the array itself, whatever is in it: {@link DiskState#bytes}. */
    private final IdentityHashMap<byte[], Contents> remembered = new IdentityHashMap<>();

    /** @param letters all that there are */
    Mailboxes(List<Letter> letters) {
        this.letters = letters;
    }

    /** The messages of a Maildir, by file. */
    Map<Path, Contents> maildir(DiskState disk, Path maildir) {
        Map<Path, Contents> found = new LinkedHashMap<>();
        for (Path file : disk.list(maildir.resolve("new"))) {
            found.put(file, contents(disk.bytes(file), this::message));
        }
        return found;
    }

    private Contents contents(byte[] bytes, Function<byte[], Contents> read) {
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.clear();
        }
        return remembered.computeIfAbsent(bytes, read);
    }

    private Contents message(byte[] bytes) {
        Optional<Reading> reading = Reading.ofDelivered(Octets.text(bytes), letters)
                .filter(whole -> whole.rest().isEmpty());
        return new Contents(reading.map(List::of).orElse(List.of()), reading.isPresent() ? 0 : 1);
    }

    /** The messages of an mbox. */
    Contents mbox(DiskState disk, Path mbox) {
        return disk.isFile(mbox) ? contents(disk.bytes(mbox), this::messages) : new Contents(List.of(), 0);
    }

    private Contents messages(byte[] bytes) {
        String text = Octets.text(bytes);
        List<Reading> readings = new ArrayList<>();
        int torn = 0;
        boolean lastTorn = false;
        int at = 0;
        while (at < text.length()) {
            int end = endOfMessage(text, at);
            Optional<Reading> reading = inMbox(text.substring(at, end));
            reading.ifPresent(readings::add);
            // Pieces may hang on a whole message, where the next delivery was cut short; its empty line is its end.
            boolean isTorn = reading.isEmpty() || !reading.get().rest().equals("\n");
            torn += isTorn && (reading.isPresent() || !lastTorn) ? 1 : 0;
            lastTorn = isTorn;
            at = end;
        }
        return new Contents(readings, torn);
    }

    /** A message begins at a {@code From } line; a torn one begins anywhere. */
    private static int endOfMessage(String text, int from) {
        int next = text.indexOf("\nFrom ", from);
        return next < 0 ? text.length() : next + 1;
    }

    private Optional<Reading> inMbox(String message) {
        int head = message.indexOf('\n') + 1;
        if (!message.startsWith("From ")) {
            return Optional.empty();
        }
        return Reading.ofDelivered(unquoted(message.substring(head)), letters)
                .filter(whole -> whole.rest().startsWith("\n"));
    }

    private static String unquoted(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at) + 1;
            end = end == 0 ? text.length() : end;
            int signs = at;
            while (signs < end && text.charAt(signs) == '>') {
                signs++;
            }
            plain.append(text, signs > at && text.startsWith("From ", signs) ? at + 1 : at, end);
            at = end;
        }
        return plain.toString();
    }
}
