package org.tawnymail.queue.adopt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.FileFacts;

/**
 * One of the directories of an old queue: flat, or split into as many subdirectories as that qmail was built with (23, or
 * another number; the big-todo patch splits {@code todo} and {@code intd} too), or half way from the one to the other. A file
 * is named by the number of its message and lies directly here or in the subdirectory <i>number mod split</i>.
 *
 * <p>It may lie in another subdirectory all the same: whoever copied the queue left the empty ones out, so that the split
 * looks smaller than it was, or made one more. Such files are looked for once, at the beginning, and found from then on: a
 * list of recipients that is overlooked would be mail that is lost.
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

    /** Where the files are that do not lie where their number says, by number. */
    private final Map<Long, List<Path>> elsewhere = new HashMap<>();

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
        for (Path part : parts()) {
            for (long number : numbers(part)) {
                if (!part.equals(directoryOf(number))) {
                    elsewhere.merge(number, List.of(part), OldDirectory::both);
                }
            }
        }
    }

    private static List<Path> both(List<Path> some, List<Path> more) {
        List<Path> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
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

    /** What lies in one of the {@link #parts} and has no number for a name, sorted: nothing of qmail's. */
    List<String> strangers(Path part) throws IOException {
        String folder = part.equals(path) ? name + "/" : label(part) + "/";
        return disk.list(part).stream()
                .filter(entry -> numberIn(entry) < 0 && !isCopyOfOurs(entry))
                .map(entry -> folder + entry.replaceAll("\\p{Cntrl}", "?"))
                .sorted()
                .toList();
    }

    /** Our qmail-send has its copies for the spawners in {@code mess} too, with a zero in front of their numbers. */
    private boolean isCopyOfOurs(String entry) {
        return name.equals("mess") && entry.startsWith("0") && numberIn(entry.substring(1)) >= 0;
    }

    /** The file of a message. */
    Optional<OldFile> find(long number) throws IOException {
        List<OldFile> all = findAll(number);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
    }

    /** @throws DamagedOldFile if a message has two files here, of which one says nothing or something else */
    void isThereOnce(long number) throws IOException, DamagedOldFile {
        List<OldFile> all = findAll(number);
        if (all.size() > 1) {
            throw new DamagedOldFile(
                    all.get(1).label(),
                    "it is there twice, also as " + all.getFirst().label());
        }
    }

    private List<OldFile> findAll(long number) throws IOException {
        List<OldFile> all = new ArrayList<>(1);
        for (Path place : places(number)) {
            Optional<FileFacts> facts = disk.facts(place);
            if (facts.isPresent()) {
                all.add(new OldFile(place, label(place), facts.get()));
            }
        }
        return all;
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
        List<Path> directories = new ArrayList<>(1);
        if (parts.isEmpty() || parts.get((int) (number % split()))) {
            directories.add(directoryOf(number));
        }
        directories.addAll(elsewhere.getOrDefault(number, List.of()));
        return directories.stream()
                .map(part -> part.resolve(Long.toString(number)))
                .toList();
    }

    /** Where the file of a message belongs. */
    private Path directoryOf(long number) {
        return parts.isEmpty() ? path : path.resolve(Long.toString(number % split()));
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
