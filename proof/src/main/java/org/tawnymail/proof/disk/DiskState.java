package org.tawnymail.proof.disk;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is on a simulated disk, and what would be left of it if the power went now.
 *
 * <p>The model is what POSIX allows and real file systems may do: bytes that no force has covered are lost, kept or torn,
 * sector by sector ({@link SimulatedFile}); changes of names that no force of their directory has covered are lost or kept,
 * in any order, those of directories too ({@link Names}); what a force has covered stays. Not safe for use by several
 * threads.
 */
public final class DiskState {

    private final Map<Integer, SimulatedFile> files = new HashMap<>();
    private final Names names;

    private DiskState(Names names) {
        this.names = names;
    }

    /** A disk that holds some directories, durably, and nothing else; above each of them all are given. */
    public static DiskState of(List<Path> directories) {
        return new DiskState(Names.of(directories));
    }

    /** Carries one change out; a file or name that is not there is a defect of whoever recorded it. */
    public void apply(DiskChange change) {
        switch (change) {
            case DiskChange.Create(Path path, int file) -> {
                files.put(file, new SimulatedFile(new byte[0]));
                names.add(path, file);
            }
            case DiskChange.MakeDirectory(Path path) -> names.add(path, Names.DIRECTORY);
            case DiskChange.Write(int file, int position, byte[] bytes) ->
                file(file).write(position, bytes);
            case DiskChange.Truncate(int file, int size) -> file(file).truncate(size);
            case DiskChange.Rename(Path from, Path to) -> names.rename(from, to, number(from));
            case DiskChange.Delete(Path path) -> names.remove(path);
            case DiskChange.Force(int file) -> file(file).force();
            case DiskChange.ForceFailed(int file) -> file(file).forgetUnforced();
            case DiskChange.ForceDirectory(Path directory) -> names.forceDirectory(directory);
            case DiskChange.ForceFileSystem all -> {
                files.values().forEach(SimulatedFile::force);
                names.forceAll();
            }
            case DiskChange.ForceFileSystemFailed all -> files.values().forEach(SimulatedFile::forgetUnforced);
        }
    }

    /** A disk as it may be found when the power comes back. */
    public DiskState afterPowerLoss(RandomGenerator random) {
        DiskState after = new DiskState(names.survivors(random));
        after.takeFiles(number -> file(number).survivor(random));
        return after;
    }

    /** The same disk, with everything on it durable. */
    public DiskState copy() {
        DiskState copy = new DiskState(names.copy());
        copy.takeFiles(number -> new SimulatedFile(file(number).bytes()));
        return copy;
    }

    private void takeFiles(IntFunction<SimulatedFile> other) {
        names.all().values().forEach(number -> {
            if (number != Names.DIRECTORY && !files.containsKey(number)) {
                files.put(number, other.apply(number));
            }
        });
    }

    /** The number behind a name, or nothing. */
    @Nullable
    Integer find(Path path) {
        return names.find(path);
    }

    boolean isDirectory(Path path) {
        Integer number = names.find(path);
        return number != null && number == Names.DIRECTORY;
    }

    private int number(Path path) {
        Integer number = names.find(path);
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

    /** The files that have bytes which no force has covered. */
    List<Integer> filesWithUnforcedBytes() {
        return files.entrySet().stream()
                .filter(file -> file.getValue().hasUnforced())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether there is a file of that name. */
    public boolean isFile(Path path) {
        return names.find(path) != null && !isDirectory(path);
    }

    /** The bytes of a file that has a name; not to be changed. The same array as long as nobody writes to the file. */
    public byte[] bytes(Path path) {
        return file(number(path)).bytes();
    }

    /** The names in a directory, sorted; none if it is not there. */
    public List<Path> list(Path directory) {
        return names.list(directory);
    }

    /** Bytes of all files that have a name. */
    long used() {
        long used = 0;
        for (int number : names.all().values()) {
            used += number == Names.DIRECTORY ? 0 : file(number).size();
        }
        return used;
    }

    int highestNumber() {
        int highest = 0;
        for (int number : files.keySet()) {
            highest = Math.max(highest, number);
        }
        return highest;
    }
}
