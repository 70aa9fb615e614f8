package org.tawnymail.proof.disk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The names on a disk, of files and of directories: as programs see them, as forces have left them, and every change between
 * the two.
 *
 * <p>A change that no force of its directory has covered is lost or kept, each for itself, in any order: only changes of one
 * and the same name keep theirs. A rename within a directory is one change. One between two directories may leave the old
 * name, the new one or both, never none: its removal is not durable before its new name is. That is more than POSIX says of
 * a crash, and what every file system does that keeps a journal, a log or copies on write; ext2 does not.
 */
final class Names {

    /** The number of everything that is a directory. */
    static final int DIRECTORY = 0;

    /** Names that change at one stroke: to a file, or to none. */
    private record Change(Map<Path, @Nullable Integer> names) {

        boolean touches(Set<Path> others) {
            for (Path name : names.keySet()) {
                if (others.contains(name)) {
                    return true;
                }
            }
            return false;
        }

        boolean isRename() {
            return names.size() > 1;
        }

        /** What a force of a directory makes durable of it. */
        Map<Path, @Nullable Integer> partIn(Path directory) {
            Map<Path, @Nullable Integer> part = new HashMap<>();
            names.forEach((name, file) -> {
                if (directory.equals(name.getParent())) {
                    part.put(name, file);
                }
            });
            // The old name does not go for good before the new one has come.
            return part.containsValue(null) ? names : part;
        }
    }

    private final NavigableMap<Path, Integer> names;
    private final NavigableMap<Path, Integer> durable;
    private final List<Change> unforced = new ArrayList<>();

    private Names(NavigableMap<Path, Integer> durable) {
        this.names = new TreeMap<>(durable);
        this.durable = durable;
    }

    /** A disk with some directories, and nothing else. */
    static Names of(List<Path> directories) {
        NavigableMap<Path, Integer> names = new TreeMap<>();
        directories.forEach(directory -> names.put(directory, DIRECTORY));
        return new Names(names);
    }

    Map<Path, Integer> all() {
        return names;
    }

    @Nullable
    Integer find(Path name) {
        return names.get(name);
    }

    /** The names in a directory, sorted. */
    List<Path> list(Path directory) {
        List<Path> found = new ArrayList<>();
        for (Path name : names.tailMap(directory, false).keySet()) {
            if (!name.startsWith(directory)) {
                // A name that merely begins with the same letters sorts among them.
                if (!name.toString().startsWith(directory.toString())) {
                    break;
                }
            } else if (name.getNameCount() == directory.getNameCount() + 1) {
                found.add(name);
            }
        }
        return found;
    }

    void add(Path name, int file) {
        Map<Path, @Nullable Integer> changed = new HashMap<>();
        changed.put(name, file);
        change(new Change(changed));
    }

    void rename(Path from, Path to, int file) {
        Map<Path, @Nullable Integer> changed = new HashMap<>();
        changed.put(to, file);
        changed.put(from, null);
        change(new Change(changed));
    }

    void remove(Path name) {
        Map<Path, @Nullable Integer> changed = new HashMap<>();
        changed.put(name, null);
        change(new Change(changed));
    }

    private void change(Change change) {
        apply(names, change.names);
        unforced.add(change);
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

    void forceDirectory(Path directory) {
        for (int i = 0; i < unforced.size(); i++) {
            Map<Path, @Nullable Integer> part = unforced.get(i).partIn(directory);
            if (!part.isEmpty()) {
                apply(durable, part);
                Set<Path> settled = Set.copyOf(part.keySet());
                // What came before on the same names has been overtaken.
                unforced.subList(0, i + 1)
                        .forEach(change -> change.names.keySet().removeAll(settled));
            }
        }
        unforced.removeIf(change -> change.names.isEmpty());
    }

    void forceAll() {
        if (!unforced.isEmpty()) {
            durable.clear();
            durable.putAll(names);
            unforced.clear();
        }
    }

    /** The same names, all of them durable. */
    Names copy() {
        return new Names(new TreeMap<>(names));
    }

    /** The names that are found after a loss of power. */
    Names survivors(RandomGenerator random) {
        NavigableMap<Path, Integer> survived = new TreeMap<>(durable);
        Set<Path> undecided = new HashSet<>();
        Chance chance = new Chance(random, unforced.size());
        for (Change change : unforced) {
            if (!chance.keeps() || change.touches(undecided)) {
                undecided.addAll(change.names.keySet());
            } else {
                apply(survived, halfOf(change, random, undecided));
            }
        }
        removeOrphans(survived);
        return new Names(survived);
    }

    /** A rename between directories may have reached the one directory and not yet the other. */
    private static Map<Path, @Nullable Integer> halfOf(Change change, RandomGenerator random, Set<Path> undecided) {
        if (!change.isRename() || areSiblings(change.names.keySet()) || random.nextInt(3) > 0) {
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

    private static boolean areSiblings(Set<Path> names) {
        return names.stream().map(Path::getParent).distinct().count() == 1;
    }

    /** What was in a directory whose own name is lost is lost with it. */
    private static void removeOrphans(Map<Path, Integer> names) {
        Iterator<Path> each = names.keySet().iterator();
        while (each.hasNext()) {
            Path parent = each.next().getParent();
            if (parent != null && parent.getNameCount() > 0 && !names.containsKey(parent)) {
                each.remove();
            }
        }
    }
}
