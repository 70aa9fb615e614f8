package org.tawnymail.queue.journal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.DiskFile;

/** The files of a journal as a start finds them. What cannot be opened is reported and passed over. */
final class SegmentFiles {

    private static final int DIGITS = 10;

    private final Disk disk;
    private final Path directory;
    private final Consumer<String> log;

    SegmentFiles(Disk disk, Path directory, Consumer<String> log) {
        this.disk = disk;
        this.directory = directory;
        this.log = log;
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
     * @return in order of their numbers
     */
    List<Segment> open(NumberFile numbers, SegmentSupply supply, boolean readOnly) throws IOException {
        TreeMap<Integer, String> names = new TreeMap<>();
        for (String name : disk.list(directory)) {
            long number = numberOf(name);
            if (number >= 0) {
                names.put((int) number, name);
                numbers.sawSegment(number);
            } else if (!readOnly) {
                numbers.sawSegment(SegmentSupply.numberOfSpare(name));
                supply.adopt(name);
            }
        }
        List<Segment> found = new ArrayList<>();
        for (var entry : names.entrySet()) {
            Path path = directory.resolve(entry.getValue());
            try {
                found.add(open(entry.getKey(), path, readOnly ? disk.read(path) : disk.write(path), numbers));
            } catch (NoSuchFileException dropped) {
                // By the owner, while we look.
            } catch (IOException e) {
                log.accept("queue: unable to open " + path + ": " + e.getMessage());
            }
        }
        return found;
    }

    private Segment open(int number, Path path, DiskFile file, NumberFile numbers) throws IOException {
        byte[] header = new byte[Segment.FIRST_RECORD];
        boolean whole = file.read(header, 0, header.length, 0) == header.length && Segment.isHeader(header);
        if (whole && !numbers.isKnown()) {
            numbers.salt(Segment.saltOf(header));
        }
        Segment segment = new Segment(number, path, file, (int) Math.min(file.size(), Integer.MAX_VALUE));
        segment.readSeal(header, numbers.salt());
        if (!whole && file.size() > Segment.FIRST_RECORD) {
            segment.damaged();
            log.accept("queue: the header of " + path + " is damaged; its records are read all the same");
        }
        return segment;
    }
}
