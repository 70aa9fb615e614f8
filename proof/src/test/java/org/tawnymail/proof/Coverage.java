package org.tawnymail.proof;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.tawnymail.base.Octets;
import org.tawnymail.proof.disk.DiskChange;
import org.tawnymail.queue.journal.RecordFormat;

/** Tells from the changes of a disk what a mail system has done in a scenario. */
final class Coverage {

    /** What the proof claims to cover. */
    enum Feature {
        SUBMITTED,
        DROPPED_WITHOUT_AN_OWNER,
        TAKEN_IN_FROM_DROP,
        LARGE_MESSAGE_IN_A_FILE_OF_ITS_OWN,
        LONG_LIST_OF_RECIPIENTS_IN_A_FILE_OF_ITS_OWN,
        ROUTED,
        DELIVERED_TO_A_MAILDIR,
        DELIVERED_TO_AN_MBOX,
        SHARED_FLUSH,
        HANDED_TO_ANOTHER_HOST,
        MARKED_DONE,
        MARKS_OF_MANY,
        DUE_TIME_NOTED,
        BOUNCE_TEXT,
        BOUNCE_SENT,
        BOUNCE_HANDED_TO_ANOTHER_HOST,
        DOUBLE_BOUNCE_DELIVERED,
        OWN_SENDER_FOR_EACH_RECIPIENT,
        FINISHED,
        MESSAGE_MOVED_TO_ANOTHER_SEGMENT,
        SEGMENT_EMPTIED_AND_KEPT,
        SEGMENT_WRITTEN_AGAIN,
        SEGMENT_REMOVED,
        NUMBERS_STORED,
        OLD_QUEUE_ADOPTED,
        KILLED
    }

    private final Set<Feature> seen = EnumSet.noneOf(Feature.class);
    private final Map<Integer, Path> paths = new HashMap<>();
    private final Map<Path, Integer> files = new HashMap<>();
    private final Set<Long> accepted = new HashSet<>();

    static Set<Feature> of(Recording recording) {
        Coverage coverage = new Coverage();
        recording.changes().forEach(coverage::take);
        recording.events().forEach(coverage::take);
        return coverage.seen;
    }

    private void take(History.Event event) {
        switch (event) {
            case History.Accepted accepted -> seen.add(Feature.SUBMITTED);
            case History.HandedOver taken ->
                seen.add(taken.isBounce() ? Feature.BOUNCE_HANDED_TO_ANOTHER_HOST : Feature.HANDED_TO_ANOTHER_HOST);
            case History.Killed killed -> seen.add(Feature.KILLED);
        }
    }

    private void take(DiskChange change) {
        switch (change) {
            case DiskChange.Create(Path path, int file) -> {
                name(file, path);
                created(path);
            }
            case DiskChange.Rename(Path from, Path to) -> {
                Integer file = files.remove(from);
                if (file != null) {
                    name(file, to);
                }
                renamed(from, to);
            }
            case DiskChange.Delete(Path path) -> {
                if (isSegment(path)) {
                    seen.add(Feature.SEGMENT_REMOVED);
                }
            }
            case DiskChange.Write(int file, int position, byte[] bytes) ->
                written(paths.getOrDefault(file, Scenario.HOME), position, bytes);
            case DiskChange.ForceFileSystem all -> seen.add(Feature.SHARED_FLUSH);
            default -> {}
        }
    }

    private void name(int file, Path path) {
        paths.put(file, path);
        files.put(path, file);
    }

    private static String last(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static boolean isIn(Path path, String directory) {
        return path.startsWith(Scenario.QUEUE.resolve(directory));
    }

    private static boolean isSegment(Path path) {
        return isIn(path, "journal") && Character.isDigit(last(path).charAt(0));
    }

    private void created(Path path) {
        if (isIn(path, "large")) {
            seen.add(
                    last(path).endsWith(".to")
                            ? Feature.LONG_LIST_OF_RECIPIENTS_IN_A_FILE_OF_ITS_OWN
                            : Feature.LARGE_MESSAGE_IN_A_FILE_OF_ITS_OWN);
        }
    }

    private void renamed(Path from, Path to) {
        if (isIn(to, "drop")) {
            seen.add(Feature.DROPPED_WITHOUT_AN_OWNER);
        } else if (isIn(to, "intake")) {
            seen.add(Feature.TAKEN_IN_FROM_DROP);
        } else if (last(to).equals("adopted")) {
            seen.add(Feature.OLD_QUEUE_ADOPTED);
        } else if (last(to).startsWith("spare")) {
            seen.add(Feature.SEGMENT_EMPTIED_AND_KEPT);
        } else if (last(from).startsWith("spare")) {
            seen.add(Feature.SEGMENT_WRITTEN_AGAIN);
        }
    }

    private void written(Path path, int position, byte[] bytes) {
        if (isSegment(path) && position >= RecordFormat.BODY) {
            records(bytes);
        } else if (last(path).equals("numbers")) {
            seen.add(Feature.NUMBERS_STORED);
        } else if (path.startsWith(Scenario.USERS)) {
            delivered(path, Octets.text(bytes));
        }
    }

    private void delivered(Path path, String text) {
        seen.add(last(path).startsWith("mbox") ? Feature.DELIVERED_TO_AN_MBOX : Feature.DELIVERED_TO_A_MAILDIR);
        if (text.contains("Delivered-To: postmaster@here")) {
            seen.add(Feature.DOUBLE_BOUNCE_DELIVERED);
        }
        if (text.contains("Return-Path: <list-ann-")) {
            seen.add(Feature.OWN_SENDER_FOR_EACH_RECIPIENT);
        }
    }

    /** A write may hold many. */
    private void records(byte[] bytes) {
        int at = 0;
        while (at + RecordFormat.PAYLOAD <= bytes.length) {
            int length = RecordFormat.getInt(bytes, at);
            if (length < RecordFormat.PAYLOAD) {
                return; // a short write
            }
            record(bytes[at + RecordFormat.TYPE], RecordFormat.getLong(bytes, at + RecordFormat.MESSAGE));
            at += length;
        }
    }

    private void record(byte type, long message) {
        switch (type) {
            case RecordFormat.ACCEPTED -> {
                if (!accepted.add(message)) {
                    seen.add(Feature.MESSAGE_MOVED_TO_ANOTHER_SEGMENT);
                }
            }
            case RecordFormat.ROUTED -> seen.add(Feature.ROUTED);
            case RecordFormat.DONE -> seen.add(Feature.MARKED_DONE);
            case RecordFormat.DONE_MANY -> seen.add(Feature.MARKS_OF_MANY);
            case RecordFormat.BOUNCE -> seen.add(Feature.BOUNCE_TEXT);
            case RecordFormat.BOUNCE_SENT -> seen.add(Feature.BOUNCE_SENT);
            case RecordFormat.DUE -> seen.add(Feature.DUE_TIME_NOTED);
            case RecordFormat.FINISHED -> seen.add(Feature.FINISHED);
            default -> {}
        }
    }
}
