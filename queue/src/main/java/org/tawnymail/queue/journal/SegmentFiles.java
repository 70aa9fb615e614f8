package org.tawnymail.queue.journal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.DiskFile;

/**
 * The files of a journal as a start finds them. What cannot be opened is reported and stays where it is; one that bears the
 * name of another segment is taken for the one that its header says.
 */
final class SegmentFiles {

    private static final int DIGITS = 10;

    private final Disk disk;
    private final Path directory;
    private final SetAside aside;
    private final Consumer<String> log;
    private final boolean readOnly;

    /** @param readOnly whether this is only to look */
    SegmentFiles(Disk disk, Path queue, Path directory, Consumer<String> log, boolean readOnly) {
        this.disk = disk;
        this.directory = directory;
        this.aside = new SetAside(disk, queue);
        this.log = log;
        this.readOnly = readOnly;
    }

    /**
     * What was found.
     *
     * @param segments in order of their numbers
     * @param unreadable the numbers of those that could not be opened
     * @param spares the numbers of those that were emptied, and whose files are kept
     */
    record Found(List<Segment> segments, Set<Integer> unreadable, Set<Integer> spares) {}

    private record Opened(int name, Path path, DiskFile file, SegmentHeader header, boolean isShort) {

        /** Whether its header says that it is another segment, and its records do not deny it. */
        boolean isMisnamed() {
            long number = header.number();
            return header.isWhole()
                    && number != name
                    && number > 0
                    && number <= Integer.MAX_VALUE
                    && records((int) number) >= records(name);
        }

        /** How many of its records are those of a segment. */
        private int records(int number) {
            int[] count = new int[1];
            try {
                int size = (int) Math.min(file.size(), Integer.MAX_VALUE - RecordFormat.LONGEST);
                Segment segment = new Segment(number, path, file, size, header.salt());
                segment.end(size);
                new SegmentReplay(segment, damage -> {}).scan(record -> count[0]++);
            } catch (IOException unreadable) {
                // Those that were found count.
            }
            return count[0];
        }
    }

    /** The name of a segment's file. */
    static String name(int number) {
        return String.format(Locale.ROOT, "%010d", number);
    }

    /** The number that a file name stands for, or -1. */
    static long numberOf(String name) {
        if (name.length() != DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < DIGITS; i++) {
            char digit = name.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = number * 10 + (digit - '0');
        }
        return number <= Integer.MAX_VALUE ? number : -1;
    }

    /**
     * Opens all segments.
     *
     * @param numbers is told which numbers are in use, and the salt if it has lost it
     * @param supply is given the spare files, unless this is only to look
     */
    Found open(NumberFile numbers, SegmentSupply supply) throws IOException {
        TreeMap<Integer, Opened> found = new TreeMap<>();
        List<Opened> misnamed = new ArrayList<>();
        Set<Integer> unreadable = new TreeSet<>();
        Set<Integer> spares = new TreeSet<>();
        for (String name : disk.list(directory)) {
            long number = numberOf(name);
            long spare = SegmentSupply.numberOfSpare(name);
            numbers.sawSegment(Math.max(number, spare));
            if (number < 0) {
                spares.add((int) spare);
                if (!readOnly) {
                    supply.adopt(name);
                }
                continue;
            }
            Optional<Opened> opened = open((int) number, directory.resolve(name));
            if (opened.isEmpty()) {
                unreadable.add((int) number);
            } else if (opened.get().isMisnamed()) {
                misnamed.add(opened.get());
            } else {
                found.put((int) number, opened.get());
            }
        }
        for (Opened one : misnamed) {
            takeByHeader(one, found, unreadable, numbers);
        }
        return new Found(segments(found, numbers), unreadable, spares);
    }

    private Optional<Opened> open(int number, Path path) {
        try {
            DiskFile file = readOnly ? disk.read(path) : disk.write(path);
            byte[] bytes = new byte[SegmentHeader.LENGTH];
            boolean isShort;
            try {
                isShort = file.read(bytes, 0, bytes.length, 0) < bytes.length;
            } catch (IOException bad) {
                isShort = false; // a bad block: a header of zeros is a damaged one
            }
            return Optional.of(new Opened(number, path, file, new SegmentHeader(bytes), isShort));
        } catch (NoSuchFileException dropped) {
            // By the owner, while we look.
        } catch (IOException e) {
            log.accept("queue: unable to open " + path + ", its mail waits there: " + e.getMessage());
        }
        return Optional.empty();
    }

    private void takeByHeader(Opened misnamed, Map<Integer, Opened> found, Set<Integer> unreadable, NumberFile numbers)
            throws IOException {
        long number = misnamed.header.number();
        numbers.sawSegment(number);
        if (found.putIfAbsent((int) number, misnamed) == null) {
            log.accept("queue: " + misnamed.path + " is segment " + number + " by its header, and is read as that");
            return;
        }
        misnamed.file.close();
        if (readOnly) {
            log.accept("queue: " + misnamed.path + " is a second copy of segment " + number + " and is passed over");
            return;
        }
        try {
            Path kept = aside.keep(misnamed.path, name(misnamed.name));
            log.accept(
                    "queue: " + misnamed.path + " is a second copy of segment " + number + " and is kept as " + kept);
        } catch (IOException e) {
            unreadable.add(misnamed.name);
            log.accept("queue: unable to set " + misnamed.path + " aside, a second copy of segment " + number + ": "
                    + e.getMessage());
        }
    }

    private List<Segment> segments(Map<Integer, Opened> found, NumberFile numbers) throws IOException {
        if (!numbers.isKnown()) {
            found.values().stream()
                    .filter(opened -> opened.header.isWhole())
                    .findFirst()
                    .ifPresent(opened -> numbers.salt(opened.header.salt()));
        }
        List<Segment> segments = new ArrayList<>(found.size());
        for (var entry : found.entrySet()) {
            segments.add(segment(entry.getKey(), entry.getValue(), numbers.salt()));
        }
        return segments;
    }

    private Segment segment(int number, Opened opened, long saltOfQueue) throws IOException {
        SegmentHeader header = opened.header;
        long salt = header.isWhole() ? header.salt() : saltOfQueue;
        long size = opened.file.size();
        var made = header.isLengthKnown(salt, number);
        boolean cut = opened.isShort || (made == SegmentHeader.Field.WHOLE && size < header.bytesOfFile());
        int capacity = made == SegmentHeader.Field.WHOLE ? header.bytesOfFile() : SegmentHeader.LENGTH;
        Segment segment =
                new Segment(number, opened.path, opened.file, Math.clamp(size, capacity, Integer.MAX_VALUE), salt);
        var seal = header.isSealed(salt, number);
        if (seal == SegmentHeader.Field.WHOLE) {
            segment.sealedAt(header.end());
        }
        if (cut) {
            segment.cut();
            log.accept("queue: " + opened.path + " is damaged: it was cut at offset " + size);
        } else if (!header.isWhole()
                || header.number() != number
                || !header.isBlankBetween()
                || made == SegmentHeader.Field.DAMAGED
                || seal == SegmentHeader.Field.DAMAGED) {
            segment.damaged();
            log.accept("queue: " + opened.path + " is damaged: its header is not what it was; its records are read all"
                    + " the same");
        }
        return segment;
    }
}
