package org.tawnymail.queue.adopt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.FileFacts;

/**
 * One of the directories of an old queue: flat, or split into as many subdirectories as that qmail was built with (23, or
 * another number; the big-todo patch splits {@code todo} and {@code intd} too), or half way from the one to the other. A file
 * is named by the number of its message and lies directly here or in the subdirectory <i>number mod split</i>.
 */
final class OldDirectory {

    /** No qmail was ever split further; a directory with a larger number for a name is none of its own. */
    private static final int LARGEST_SPLIT = 10_000;

    /** A number of more digits is no inode number. */
    private static final int MOST_DIGITS = 18;

    private final Disk disk;
    private final String name;
    private final Path path;
    private final boolean exists;
    private final BitSet parts = new BitSet();

    /** Looks at a directory of an old queue; one that is not there is empty. */
    OldDirectory(Disk disk, Path queue, String name) throws IOException {
        this.disk = disk;
        this.name = name;
        this.path = queue.resolve(name);
        this.exists = isDirectory(path);
        if (exists) {
            for (String entry : disk.list(path)) {
                long number = numberIn(entry);
                if (number >= 0 && number < LARGEST_SPLIT && isDirectory(path.resolve(entry))) {
                    parts.set((int) number);
                }
            }
        }
    }

    boolean exists() {
        return exists;
    }

    private boolean isDirectory(Path directory) throws IOException {
        return disk.facts(directory).filter(FileFacts::isDirectory).isPresent();
    }

    /** How many subdirectories it was split into; 0 for a flat one. */
    int split() {
        return parts.length();
    }

    /** The directories in which its files lie: itself, and the subdirectories. */
    List<Path> parts() {
        List<Path> all = new ArrayList<>();
        if (exists) {
            all.add(path);
            parts.stream().forEach(part -> all.add(path.resolve(Integer.toString(part))));
        }
        return all;
    }

    /** The numbers of the messages that have a file in one of the {@link #parts}, ascending; other names are passed over. */
    long[] numbers(Path part) throws IOException {
        long[] numbers = new long[64];
        int count = 0;
        for (String entry : disk.list(part)) {
            long number = numberIn(entry);
            if (number < 0 || (part.equals(path) && isPart(number))) {
                continue;
            }
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = number;
        }
        long[] found = Arrays.copyOf(numbers, count);
        Arrays.sort(found);
        return found;
    }

    /** The file of a message. */
    Optional<OldFile> find(long number) throws IOException {
        for (Path place : places(number)) {
            Optional<FileFacts> facts = disk.facts(place);
            if (facts.isPresent()) {
                return Optional.of(new OldFile(place, label(place), facts.get()));
            }
        }
        return Optional.empty();
    }

    /** The name of a file as qmail's own log has it: {@code info/3/2172698}. */
    String label(Path file) {
        return name + "/" + path.relativize(file);
    }

    /**
     * Removes the file of a message if there is one.
     *
     * @param touched gets the directories in which it may have been, even if it was gone already: perhaps not for good
     */
    void delete(long number, Set<Path> touched) throws IOException {
        for (Path place : places(number)) {
            Path directory = place.getParent();
            if (directory != null) {
                disk.delete(place);
                touched.add(directory);
            }
        }
    }

    private List<Path> places(long number) {
        if (!exists) {
            return List.of();
        }
        List<Path> places = new ArrayList<>(2);
        String file = Long.toString(number);
        if (!parts.isEmpty()) {
            int part = (int) (number % split());
            if (parts.get(part)) {
                places.add(path.resolve(Integer.toString(part)).resolve(file));
            }
        }
        if (!isPart(number)) {
            places.add(path.resolve(file));
        }
        return places;
    }

    private boolean isPart(long number) {
        return number < LARGEST_SPLIT && parts.get((int) number);
    }

    /** The number that a name is; -1 for any other name. */
    static long numberIn(String entry) {
        if (entry.isEmpty() || entry.length() > MOST_DIGITS || (entry.charAt(0) == '0' && entry.length() > 1)) {
            return -1;
        }
        for (int i = 0; i < entry.length(); i++) {
            if (entry.charAt(i) < '0' || entry.charAt(i) > '9') {
                return -1;
            }
        }
        return Long.parseLong(entry);
    }
}
