package org.tawnymail.queue.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.program.SeekableInput;

/**
 * A disk in memory that can lose power at any operation, fill up, fail a force, and turn read-only.
 *
 * <p>What survives a loss of power: of each file what was forced, and of what was written since, any sectors of 512 bytes;
 * of each directory the names that were forced, and of the changes since, any first part in their order. What a force of a
 * file that failed was to write stays in memory, where programs still read it, and no later force writes it.
 */
public final class SimulatedDisk implements Disk {

    private static final int SECTOR = 512;

    /** What a disk cannot read any more, it cannot read as a whole block. */
    public static final int BLOCK = 4096;

    private static final class File {
        private Instant modified = Instant.EPOCH;
        private byte[] content = new byte[0];
        private byte[] durable = new byte[0];
        private final Set<Integer> dirtySectors = new HashSet<>();
        private final Set<Integer> forgottenSectors = new HashSet<>();

        private void force() {
            byte[] before = durable;
            durable = content.clone();
            for (int sector : forgottenSectors) {
                for (int i = sector * SECTOR; i < Math.min(durable.length, (sector + 1) * SECTOR); i++) {
                    durable[i] = i < before.length ? before[i] : 0;
                }
            }
            dirtySectors.clear();
        }

        private void forceFails() {
            forgottenSectors.addAll(dirtySectors);
            dirtySectors.clear();
        }

        private void wrote(int sector) {
            dirtySectors.add(sector);
            forgottenSectors.remove(sector);
        }
    }

    /** A name that leads to another file, or to none; and a name that goes at the same moment. */
    private record Change(String name, @Nullable File file, String gone) {}

    private static final class Directory {
        private Map<String, File> names = new TreeMap<>();
        private Map<String, File> durable = new TreeMap<>();
        private final List<Change> changes = new ArrayList<>();

        private void change(Change change) {
            changes.add(change);
            apply(names, change);
        }

        private static void apply(Map<String, File> names, Change change) {
            if (change.file == null) {
                names.remove(change.name);
            } else {
                names.put(change.name, change.file);
            }
            names.remove(change.gone);
        }
    }

    private final Map<Path, Directory> directories = new HashMap<>();
    private final Set<Path> locked = new HashSet<>();
    private long operationsLeft = Long.MAX_VALUE;
    private long operations;
    private long capacity = Long.MAX_VALUE;
    private boolean forcesFail;
    private final Set<Path> denied = new HashSet<>();
    private final Set<Path> failing = new HashSet<>();
    private final Map<Path, Set<Long>> badBlocks = new HashMap<>();
    private boolean readOnly;
    private boolean off;
    private int forces;
    private boolean held;

    /** How many files were forced. */
    public synchronized int forces() {
        return forces;
    }

    /** From now on a force takes until {@link #releaseForces}. */
    public synchronized void holdForces() {
        held = true;
    }

    public synchronized void releaseForces() {
        held = false;
        notifyAll();
    }

    private synchronized void awaitRelease() throws IOException {
        try {
            while (held) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The power goes after so many operations that change something. */
    public synchronized void powerOffAfter(long changes) {
        operationsLeft = changes;
    }

    /** How many operations have changed something. */
    public synchronized long operations() {
        return operations;
    }

    /** Bytes that all files together may take from now on. */
    public synchronized void capacity(long bytes) {
        capacity = bytes;
    }

    /** Bytes that all files together take. */
    public synchronized long used() {
        long used = 0;
        for (Directory directory : directories.values()) {
            for (File file : directory.names.values()) {
                used += file.content.length;
            }
        }
        return used;
    }

    public synchronized void failForces(boolean fail) {
        forcesFail = fail;
    }

    /** From now on forces of the files in a directory fail, until {@link #mend}. */
    public synchronized void failForcesIn(Path directory) {
        failing.add(directory);
    }

    /** From now on a file may not be opened. */
    public synchronized void deny(Path file) {
        denied.add(file);
    }

    /** Everything may be opened again, and read. */
    public synchronized void mend() {
        denied.clear();
        failing.clear();
        badBlocks.clear();
    }

    /** From now on what touches this block of a file cannot be read. */
    public synchronized void breakBlock(Path file, long block) {
        badBlocks.computeIfAbsent(file, none -> new HashSet<>()).add(block);
    }

    private void checkBlocks(Path file, long from, long to) throws IOException {
        for (long block : badBlocks.getOrDefault(file, Set.of())) {
            if (from < (block + 1) * BLOCK && to > block * BLOCK) {
                throw new IOException("Input/output error");
            }
        }
    }

    /** From now on nothing can be changed, whoever has files open. */
    public synchronized void turnReadOnly() {
        readOnly = true;
    }

    /** What is found when the power comes back; nobody who used this disk can go on doing so. */
    public synchronized SimulatedDisk afterPowerLoss(RandomGenerator random) {
        off = true;
        SimulatedDisk after = new SimulatedDisk();
        Map<File, File> survivors = new HashMap<>();
        directories.forEach((path, directory) -> {
            Map<String, File> names = new TreeMap<>(directory.durable);
            int kept = random.nextInt(directory.changes.size() + 1);
            directory.changes.subList(0, kept).forEach(change -> Directory.apply(names, change));
            Directory survived = new Directory();
            names.forEach((name, file) ->
                    survived.names.put(name, survivors.computeIfAbsent(file, lost -> survivor(lost, random))));
            survived.durable.putAll(survived.names);
            after.directories.put(path, survived);
        });
        return after;
    }

    private static File survivor(File file, RandomGenerator random) {
        File survived = new File();
        survived.modified = file.modified;
        byte[] bytes = Arrays.copyOf(file.durable, Math.max(file.durable.length, file.content.length));
        int end = file.durable.length;
        double chance = random.nextDouble();
        for (int sector : new TreeSet<>(file.dirtySectors)) {
            if (random.nextDouble() < chance && sector * SECTOR < file.content.length) {
                int to = Math.min(file.content.length, (sector + 1) * SECTOR);
                System.arraycopy(file.content, sector * SECTOR, bytes, sector * SECTOR, to - sector * SECTOR);
                end = Math.max(end, to);
            }
        }
        survived.content = Arrays.copyOf(bytes, end);
        survived.durable = survived.content.clone();
        return survived;
    }

    /** A copy of a file's bytes. */
    public synchronized byte[] bytes(Path file) throws IOException {
        return file(file).content.clone();
    }

    /** Puts other bytes into a file, durably. */
    public synchronized void bytes(Path path, byte[] changed) throws IOException {
        File file = file(path);
        file.content = changed.clone();
        file.durable = changed.clone();
        file.dirtySectors.clear();
        file.forgottenSectors.clear();
    }

    /** A disk with the same files, on which the owner of this one has no lock. */
    public synchronized SimulatedDisk copy() {
        SimulatedDisk copy = new SimulatedDisk();
        directories.forEach((path, directory) -> {
            Directory same = new Directory();
            directory.names.forEach((name, file) -> {
                File twin = new File();
                twin.modified = file.modified;
                twin.content = file.content.clone();
                twin.durable = file.content.clone();
                same.names.put(name, twin);
            });
            same.durable.putAll(same.names);
            copy.directories.put(path, same);
        });
        return copy;
    }

    private void change() throws IOException {
        check();
        if (operationsLeft == 0) {
            off = true;
            check();
        }
        if (readOnly) {
            throw new IOException("Read-only file system");
        }
        operationsLeft--;
        operations++;
    }

    private void check() throws IOException {
        if (off) {
            throw new IOException("the power is off");
        }
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no directory: " + path);
        }
        return parent;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private Directory directory(Path path) throws IOException {
        Directory directory = directories.get(path);
        if (directory == null) {
            throw new NoSuchFileException(path.toString());
        }
        return directory;
    }

    private File file(Path path) throws IOException {
        File file = directory(parent(path)).names.get(name(path));
        if (file == null) {
            throw new NoSuchFileException(path.toString());
        }
        return file;
    }

    /** Directories are made once, before any mail; that they might vanish again is not simulated. */
    @Override
    public synchronized void makeDirectory(Path directory) throws IOException {
        check();
        directories.computeIfAbsent(directory, absent -> new Directory());
    }

    @Override
    public synchronized Optional<FileFacts> facts(Path path) throws IOException {
        check();
        if (directories.containsKey(path)) {
            return Optional.of(new FileFacts(true, false, 0, Instant.EPOCH, 0, 1));
        }
        Path parent = path.getParent();
        Directory directory = parent == null ? null : directories.get(parent);
        File file = directory == null ? null : directory.names.get(name(path));
        return file == null
                ? Optional.empty()
                : Optional.of(new FileFacts(false, true, file.content.length, file.modified, 0, 1));
    }

    /** Sets when a file counts as changed last: writing does not, because this disk has no clock. */
    public synchronized void modified(Path path, Instant when) throws IOException {
        file(path).modified = when;
    }

    @Override
    public synchronized List<String> list(Path directory) throws IOException {
        check();
        List<String> names = new ArrayList<>(directory(directory).names.keySet());
        for (Path other : directories.keySet()) {
            if (directory.equals(other.getParent())) {
                names.add(name(other));
            }
        }
        return names;
    }

    @Override
    public synchronized DiskFile read(Path file) throws IOException {
        check();
        if (denied.contains(file)) {
            throw new AccessDeniedException(file.toString());
        }
        return new Opened(file, file(file));
    }

    @Override
    public SeekableInput input(Path path) throws IOException {
        return FileInput.of(read(path));
    }

    @Override
    public DiskFile write(Path file) throws IOException {
        return read(file);
    }

    @Override
    public synchronized DiskFile create(Path path) throws IOException {
        change();
        File file = new File();
        directory(parent(path)).change(new Change(name(path), file, ""));
        return new Opened(path, file);
    }

    @Override
    public synchronized DiskFile createNew(Path path) throws IOException {
        if (directory(parent(path)).names.containsKey(name(path))) {
            throw new FileAlreadyExistsException(path.toString());
        }
        return create(path);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        change();
        File file = file(from);
        if (parent(from).equals(parent(to))) {
            directory(parent(to)).change(new Change(name(to), file, name(from)));
        } else {
            directory(parent(to)).change(new Change(name(to), file, ""));
            directory(parent(from)).change(new Change(name(from), null, ""));
        }
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        change();
        Directory directory = directory(parent(file));
        if (directory.names.containsKey(name(file))) {
            directory.change(new Change(name(file), null, ""));
        }
    }

    @Override
    public synchronized long room(Path directory) throws IOException {
        check();
        return capacity - used();
    }

    @Override
    public synchronized void forceDirectory(Path path) throws IOException {
        change();
        Directory directory = directory(path);
        if (forcesFail) {
            throw new IOException("input/output error");
        }
        directory.durable = new TreeMap<>(directory.names);
        directory.changes.clear();
    }

    @Override
    public synchronized void forceFileSystem(Path directory) throws IOException {
        change();
        directories.values().forEach(one -> {
            one.durable = new TreeMap<>(one.names);
            one.changes.clear();
            one.names.values().forEach(File::force);
        });
    }

    @Override
    public synchronized Optional<Lock> lock(Path file) throws IOException {
        check();
        if (!locked.add(file)) {
            return Optional.empty();
        }
        return Optional.of(() -> {
            synchronized (this) {
                locked.remove(file);
            }
        });
    }

    private final class Opened implements DiskFile {

        private final Path path;
        private final File file;

        Opened(Path path, File file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            synchronized (SimulatedDisk.this) {
                check();
                return file.content.length;
            }
        }

        @Override
        public int read(byte[] into, int offset, int length, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                check();
                checkBlocks(path, position, position + length);
                int count = Math.clamp(file.content.length - position, 0, length);
                if (count > 0) {
                    System.arraycopy(file.content, (int) position, into, offset, count);
                }
                return count;
            }
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                change();
                int at = (int) position;
                int end = at + bytes.remaining();
                if (end > file.content.length) {
                    if (used() + end - file.content.length > capacity) {
                        throw new IOException("No space left on device");
                    }
                    file.content = Arrays.copyOf(file.content, end);
                }
                int length = bytes.remaining();
                bytes.get(file.content, at, length);
                for (int sector = at / SECTOR; sector * SECTOR < end; sector++) {
                    file.wrote(sector);
                }
            }
        }

        @Override
        public void force() throws IOException {
            awaitRelease();
            synchronized (SimulatedDisk.this) {
                change();
                if (forcesFail || failing.contains(parent(path))) {
                    file.forceFails();
                    throw new IOException("input/output error");
                }
                forces++;
                file.force();
            }
        }

        @Override
        public void close() {}
    }
}
