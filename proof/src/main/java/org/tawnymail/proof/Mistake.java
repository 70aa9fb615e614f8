package org.tawnymail.proof;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tawnymail.proof.disk.DiskChange;

/**
 * Mistakes that a mail system could make, planted into a recording as if the program had made them: the proof of the proof.
 * The recorded changes keep their positions, so that what was promised when stays true.
 */
enum Mistake {
    /** The journal is written and never forced. */
    FORCE_LEFT_OUT,
    /** The sender is told before the force. */
    ACKNOWLEDGED_BEFORE_FORCE,
    /** Files are forced, their names are not. */
    DIRECTORY_NOT_FORCED,
    /** An old segment goes before the last message that was moved out of it is durable. */
    SEGMENT_DELETED_EARLY,
    /** A recipient is marked done while the message is not yet durable in the mailbox. */
    MARKED_BEFORE_DURABLE;

    private static final Path JOURNAL = Scenario.QUEUE.resolve("journal");
    private static final DiskChange NOTHING = new DiskChange.ForceDirectory(Path.of("/nowhere"));

    /** The name on a command line: {@code force-left-out}. */
    String word() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** The recording that a program with this mistake would have left. */
    Recording plant(Recording recording) {
        List<DiskChange> changes = new ArrayList<>(recording.changes());
        Map<Integer, Path> files = files(changes);
        History history = recording.history();
        switch (this) {
            case FORCE_LEFT_OUT ->
                changes.replaceAll(change ->
                        change instanceof DiskChange.Force(int file) && isJournal(files, file) ? NOTHING : change);
            case ACKNOWLEDGED_BEFORE_FORCE -> history = history.earlier(told -> beforeForce(changes, files, told));
            case DIRECTORY_NOT_FORCED ->
                changes.replaceAll(change -> change instanceof DiskChange.ForceDirectory ? NOTHING : change);
            case SEGMENT_DELETED_EARLY -> deleteEarly(changes, files);
            case MARKED_BEFORE_DURABLE -> changes.replaceAll(change -> isOfMailbox(change, files) ? NOTHING : change);
        }
        return new Recording(changes, history, recording.log());
    }

    /** The first name of each file tells what it is for. */
    private static Map<Integer, Path> files(List<DiskChange> changes) {
        Map<Integer, Path> files = new HashMap<>();
        for (DiskChange change : changes) {
            if (change instanceof DiskChange.Create(Path path, int file)) {
                files.put(file, path);
            }
        }
        return files;
    }

    private static boolean isJournal(Map<Integer, Path> files, int file) {
        Path path = files.get(file);
        return path != null && path.startsWith(JOURNAL);
    }

    private static boolean isOfMailbox(DiskChange change, Map<Integer, Path> files) {
        return switch (change) {
            case DiskChange.Force(int file) -> {
                Path path = files.get(file);
                yield path != null && !path.startsWith(Scenario.QUEUE);
            }
            case DiskChange.ForceDirectory(Path directory) -> !directory.startsWith(Scenario.QUEUE);
            case DiskChange.ForceFileSystem all -> true;
            default -> false;
        };
    }

    private static int beforeForce(List<DiskChange> changes, Map<Integer, Path> files, int told) {
        for (int before = told; before > 0; before--) {
            if (changes.get(before - 1) instanceof DiskChange.Force(int file) && isJournal(files, file)) {
                return before - 1;
            }
        }
        return told;
    }

    /** Exchanges the removal of a segment, made durable, with the force before it. */
    private static void deleteEarly(List<DiskChange> changes, Map<Integer, Path> files) {
        int force = -1;
        for (int i = 0; i + 1 < changes.size(); i++) {
            DiskChange change = changes.get(i);
            if (change instanceof DiskChange.Force(int file) && isJournal(files, file)) {
                force = i;
            } else if (isRemoval(change) && force >= 0) {
                DiskChange forced = changes.remove(force);
                // Behind the removal and the force of its directory.
                changes.add(i + 1, forced);
                force = -1;
            }
        }
    }

    private static boolean isRemoval(DiskChange change) {
        return switch (change) {
            case DiskChange.Rename(Path from, Path to) ->
                from.startsWith(JOURNAL) && String.valueOf(to.getFileName()).startsWith("spare");
            case DiskChange.Delete(Path path) -> path.startsWith(JOURNAL);
            default -> false;
        };
    }
}
