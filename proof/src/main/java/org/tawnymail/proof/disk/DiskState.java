package org.tawnymail.proof.disk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is on a simulated disk, and what would be left of it if the power went now.
 *
 * <p>The model is what POSIX allows and real file systems may do:
 *
 * <ul>
 *   <li>Bytes that no force has covered are lost, kept or torn, sector by sector ({@link SimulatedFile}).
 *   <li>A change of names that no force of its directory has covered is lost or kept, each for itself, in any order: only
 *       changes of one and the same name keep their order. A rename within a directory is one change; one between two
 *       directories may leave both names, never none.
 *   <li>What a force has covered stays.
 * </ul>
 *
 * <p>Directories are made once, before any mail; that they might vanish again is not simulated. Not safe for use by several
 * threads.
 */
public final class DiskState {

    /** Names that change at one stroke: to a file, or to none. */
    private record NameChange(Map<Path, @Nullable Integer> names) {

        boolean touches(Set<Path> others) {
            return names.keySet().stream().anyMatch(others::contains);
        }

        boolean isIn(Path directory) {
            return names.keySet().stream().anyMatch(name -> directory.equals(name.getParent()));
        }
    }

    private final Map<Integer, SimulatedFile> files = new HashMap<>();
    private final Map<Path, Integer> names = new TreeMap<>();
    private final Map<Path, Integer> durableNames = new TreeMap<>();
    private final List<NameChange> unforced = new ArrayList<>();

    /** Carries one change out; a file or name that is not there is a defect of whoever recorded it. */
    public void apply(DiskChange change) {
        switch (change) {
            case DiskChange.Create(Path path, int file) -> {
                files.put(file, new SimulatedFile(new byte[0]));
                rename(Map.of(path, file), Set.of());
            }
            case DiskChange.Write(int file, int position, byte[] bytes) ->
                file(file).write(position, bytes);
            case DiskChange.Truncate(int file, int size) -> file(file).truncate(size);
            case DiskChange.Rename(Path from, Path to) -> rename(Map.of(to, number(from)), Set.of(from));
            case DiskChange.Delete(Path path) -> rename(Map.of(), Set.of(path));
            case DiskChange.Force(int file) -> file(file).force();
            case DiskChange.ForceFailed(int file) -> file(file).forgetUnforced();
            case DiskChange.ForceDirectory(Path directory) -> forceDirectory(directory);
            case DiskChange.ForceFileSystem all -> {
                files.values().forEach(SimulatedFile::force);
                durableNames.clear();
                durableNames.putAll(names);
                unforced.clear();
            }
        }
    }

    private void rename(Map<Path, Integer> added, Set<Path> removed) {
        Map<Path, @Nullable Integer> changed = new HashMap<>(added);
        removed.forEach(path -> changed.put(path, null));
        apply(names, changed);
        unforced.add(new NameChange(changed));
    }

    private static void apply(Map<Path, Integer> names, Map<Path, @Nullable Integer> changed) {
        changed.forEach((path, file) -> {
            if (file == null) {
                names.remove(path);
            } else {
                names.put(path, file);
            }
        });
    }

    private void forceDirectory(Path directory) {
        for (int i = 0; i < unforced.size(); i++) {
            NameChange change = unforced.get(i);
            if (change.isIn(directory)) {
                apply(durableNames, change.names);
                unforced.remove(i);
                // What came before on the same names has been overtaken.
                unforced.subList(0, i).forEach(earlier -> earlier.names.keySet().removeAll(change.names.keySet()));
                i--;
            }
        }
        unforced.removeIf(change -> change.names.isEmpty());
    }

    /** A disk as it may be found when the power comes back. */
    public DiskState afterPowerLoss(RandomGenerator random) {
        DiskState after = new DiskState();
        Map<Path, Integer> survived = new TreeMap<>(durableNames);
        Set<Path> undecided = new HashSet<>();
        double kept = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 1;
            default -> random.nextDouble();
        };
        for (NameChange change : unforced) {
            if (change.touches(undecided) || random.nextDouble() >= kept) {
                undecided.addAll(change.names.keySet());
            } else {
                apply(survived, halfOf(change, random, undecided));
            }
        }
        Map<Integer, SimulatedFile> found = new HashMap<>();
        survived.forEach((path, number) ->
                found.computeIfAbsent(number, file -> file(file).survivor(random)));
        after.files.putAll(found);
        after.names.putAll(survived);
        after.durableNames.putAll(survived);
        return after;
    }

    /** A rename between directories may have reached the one directory and not yet the other. */
    private static Map<Path, @Nullable Integer> halfOf(NameChange change, RandomGenerator random, Set<Path> undecided) {
        List<Path> parents =
                change.names.keySet().stream().map(Path::getParent).distinct().toList();
        if (parents.size() == 1 || random.nextInt(3) > 0) {
            return change.names;
        }
        Map<Path, @Nullable Integer> half = new HashMap<>();
        change.names.forEach((path, file) -> {
            if (file == null) {
                undecided.add(path);
            } else {
                half.put(path, file);
            }
        });
        return half;
    }

    /** The number behind a name, or nothing. */
    @Nullable
    Integer find(Path path) {
        return names.get(path);
    }

    private int number(Path path) {
        Integer number = names.get(path);
        if (number == null) {
            throw new IllegalStateException("no file " + path);
        }
        return number;
    }

    SimulatedFile file(int number) {
        SimulatedFile file = files.get(number);
        if (file == null) {
            throw new IllegalStateException("no file number " + number);
        }
        return file;
    }

    /** The bytes of a file that has a name. */
    public byte[] bytes(Path path) {
        return file(number(path)).bytes();
    }

    /** The names in a directory, sorted. */
    public List<Path> list(Path directory) {
        return names.keySet().stream()
                .filter(path -> directory.equals(path.getParent()))
                .toList();
    }

    /** Bytes of all files that have a name. */
    long used() {
        return names.values().stream()
                .distinct()
                .mapToLong(number -> file(number).size())
                .sum();
    }

    int highestNumber() {
        return files.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
    }
}
