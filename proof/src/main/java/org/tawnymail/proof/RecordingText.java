package org.tawnymail.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tawnymail.base.Octets;
import org.tawnymail.proof.disk.DiskChange;
import org.tawnymail.proof.disk.Fault;
import org.tawnymail.proof.disk.RecordingDisk;

/**
 * A violation as a file that a person can read and {@code tawny prove --replay} can repeat. One line for each thing, words
 * separated by a space, texts and bytes in base64:
 *
 * <pre>
 *   seed 17
 *   recording PREPARED REPEATS PIECES UNFINISHED     then its lines; there may be several, each begun where the one before was cut
 *   letter NUMBER SENDER TEXT RECIPIENT ...          the sender in angle brackets
 *   accepted CHANGE LETTER QP
 *   taken CHANGE LETTER copy|bounce RECIPIENT ...
 *   killed CHANGE
 *   hit KIND queue|mailbox
 *   create FILE PATH          mkdir PATH             write FILE POSITION BYTES      truncate FILE SIZE
 *   rename PATH PATH          delete PATH            force FILE                     force-failed FILE
 *   force-directory PATH      force-all              force-all-failed
 *   cut CHANGE
 *   found WHAT
 * </pre>
 */
final class RecordingText {

    // ---- writing

    static String of(Violation violation) {
        StringBuilder text = new StringBuilder("seed ").append(violation.seed()).append('\n');
        for (int i = 0; i < violation.recordings().size(); i++) {
            add(text, violation.recordings().get(i));
            text.append("cut ").append(violation.cuts().get(i)).append('\n');
        }
        return text.append("found ").append(violation.what()).append('\n').toString();
    }

    private static void add(StringBuilder text, Recording recording) {
        line(text, "recording", recording.prepared(), recording.repeats(), recording.pieces(), recording.unfinished());
        for (Letter letter : recording.letters()) {
            line(
                    text,
                    "letter",
                    letter.number(),
                    "<" + letter.sender() + ">",
                    base64(Octets.of(letter.text())),
                    String.join(" ", letter.recipients()));
        }
        recording.events().forEach(event -> add(text, event));
        recording.hits().forEach(hit -> line(text, "hit", hit.kind(), hit.mailbox() ? "mailbox" : "queue"));
        recording.changes().forEach(change -> add(text, change));
    }

    private static void add(StringBuilder text, History.Event event) {
        switch (event) {
            case History.Accepted(int change, int letter, long qp) -> line(text, "accepted", change, letter, qp);
            case History.HandedOver(int change, int letter, boolean isBounce, List<String> recipients) ->
                line(text, "taken", change, letter, isBounce ? "bounce" : "copy", String.join(" ", recipients));
            case History.Killed(int change) -> line(text, "killed", change);
        }
    }

    private static void add(StringBuilder text, DiskChange change) {
        switch (change) {
            case DiskChange.Create(Path path, int file) -> line(text, "create", file, path);
            case DiskChange.MakeDirectory(Path path) -> line(text, "mkdir", path);
            case DiskChange.Write(int file, int position, byte[] bytes) ->
                line(text, "write", file, position, base64(bytes));
            case DiskChange.Truncate(int file, int size) -> line(text, "truncate", file, size);
            case DiskChange.Rename(Path from, Path to) -> line(text, "rename", from, to);
            case DiskChange.Delete(Path path) -> line(text, "delete", path);
            case DiskChange.Force(int file) -> line(text, "force", file);
            case DiskChange.ForceFailed(int file) -> line(text, "force-failed", file);
            case DiskChange.ForceDirectory(Path directory) -> line(text, "force-directory", directory);
            case DiskChange.ForceFileSystem all -> line(text, "force-all");
            case DiskChange.ForceFileSystemFailed all -> line(text, "force-all-failed");
        }
    }

    private static void line(StringBuilder text, Object... words) {
        for (int i = 0; i < words.length; i++) {
            text.append(i == 0 ? "" : " ").append(words[i]);
        }
        text.append('\n');
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    // ---- reading

    /** @throws IOException if it is none */
    static Violation read(String text) throws IOException {
        RecordingText reading = new RecordingText();
        for (String line : text.split("\n", -1)) {
            try {
                reading.take(line.split(" ", -1));
            } catch (IndexOutOfBoundsException | IllegalArgumentException none) {
                throw new IOException("no line of a recording: " + line, none);
            }
        }
        if (reading.recordings.isEmpty() || reading.recordings.size() != reading.cuts.size()) {
            throw new IOException("no recording");
        }
        return new Violation(reading.seed, reading.recordings, reading.cuts, reading.found);
    }

    private long seed;
    private String found = "";
    private final List<Recording> recordings = new ArrayList<>();
    private final List<Integer> cuts = new ArrayList<>();
    private List<DiskChange> changes = new ArrayList<>();
    private List<Letter> letters = new ArrayList<>();
    private List<History.Event> events = new ArrayList<>();
    private Set<RecordingDisk.Hit> hits = new HashSet<>();
    private int prepared;
    private int repeats;
    private int pieces;
    private int unfinished;

    private RecordingText() {}

    private void take(String[] words) {
        switch (words[0]) {
            case "" -> {}
            case "seed" -> seed = Long.parseLong(words[1]);
            case "recording" -> begin(words);
            case "letter" ->
                letters.add(new Letter(
                        number(words[1]),
                        words[2].substring(1, words[2].length() - 1),
                        List.of(words).subList(4, words.length),
                        Octets.text(Base64.getDecoder().decode(words[3]))));
            case "accepted" ->
                events.add(new History.Accepted(number(words[1]), number(words[2]), Long.parseLong(words[3])));
            case "taken" ->
                events.add(new History.HandedOver(
                        number(words[1]),
                        number(words[2]),
                        words[3].equals("bounce"),
                        List.of(words).subList(4, words.length)));
            case "killed" -> events.add(new History.Killed(number(words[1])));
            case "hit" -> hits.add(new RecordingDisk.Hit(Fault.Kind.valueOf(words[1]), words[2].equals("mailbox")));
            case "cut" -> {
                recordings.add(new Recording(changes, prepared, letters, events, hits, repeats, pieces, unfinished));
                cuts.add(number(words[1]));
            }
            case "found" -> found = String.join(" ", List.of(words).subList(1, words.length));
            default -> changes.add(change(words));
        }
    }

    private void begin(String[] words) {
        prepared = number(words[1]);
        repeats = number(words[2]);
        pieces = number(words[3]);
        unfinished = number(words[4]);
        changes = new ArrayList<>();
        letters = new ArrayList<>();
        events = new ArrayList<>();
        hits = new HashSet<>();
    }

    private static DiskChange change(String[] words) {
        return switch (words[0]) {
            case "create" -> new DiskChange.Create(Path.of(words[2]), number(words[1]));
            case "mkdir" -> new DiskChange.MakeDirectory(Path.of(words[1]));
            case "write" ->
                new DiskChange.Write(
                        number(words[1]), number(words[2]), Base64.getDecoder().decode(words[3]));
            case "truncate" -> new DiskChange.Truncate(number(words[1]), number(words[2]));
            case "rename" -> new DiskChange.Rename(Path.of(words[1]), Path.of(words[2]));
            case "delete" -> new DiskChange.Delete(Path.of(words[1]));
            case "force" -> new DiskChange.Force(number(words[1]));
            case "force-failed" -> new DiskChange.ForceFailed(number(words[1]));
            case "force-directory" -> new DiskChange.ForceDirectory(Path.of(words[1]));
            case "force-all" -> new DiskChange.ForceFileSystem();
            case "force-all-failed" -> new DiskChange.ForceFileSystemFailed();
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static int number(String word) {
        return Integer.parseInt(word);
    }
}
