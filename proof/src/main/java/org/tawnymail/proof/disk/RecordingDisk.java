package org.tawnymail.proof.disk;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that writes down every change, so that afterwards the power can be cut after each of them in turn. Programs
 * see it through {@link #process}. Safe for use by many threads.
 *
 * <p>It fails as it is told to ({@link Fault}). A lost write is reported as Linux does: once to whoever forces the file next,
 * and once to each open directory through which the file system is forced.
 */
public final class RecordingDisk {

    /** What a disk that is not full offers: more than any scenario writes. */
    private static final long ROOM = 64L << 20;

    private static final String FULL = "No space left on device";
    private static final String BROKEN = "Input/output error";

    private final DiskState state;
    private final Layout layout;
    private final Set<Lie> lies;
    private final Trouble trouble;
    private final List<DiskChange> changes = new ArrayList<>();
    private final Map<Path, DiskOfProcess> locks = new HashMap<>();

    /** Files of which a flush of the whole file system has lost bytes, and nobody has been told. */
    private final Set<Integer> bereaved = new HashSet<>();

    private int losses;
    private int files;

    /** The force that a removal may overtake; see {@link Lie#REMOVAL_BEFORE_FORCE}. */
    private DiskChange.@Nullable Force heldBack;

    private DiskChange.@Nullable ForceDirectory removal;

    /**
     * Where what lies.
     *
     * @param queue the queue directory
     * @param mailboxes the directory with all mailboxes
     */
    public record Layout(Path queue, Path mailboxes) {

        boolean isJournal(Path path) {
            return path.startsWith(queue.resolve("journal"));
        }

        boolean isLarge(Path path) {
            return path.startsWith(queue.resolve("large"));
        }

        boolean isMailbox(Path path) {
            return path.startsWith(mailboxes);
        }

        boolean isUnfinishedDelivery(Path path) {
            return isMailbox(path) && path.resolveSibling("").endsWith("tmp");
        }
    }

    /**
     * A fault that has hit something.
     *
     * @param mailbox whether that was a mailbox, and not the queue
     */
    public record Hit(Fault.Kind kind, boolean mailbox) {}

    /** @param state what is on it at first; this disk changes it */
    public RecordingDisk(DiskState state, Layout layout, List<Fault> faults, Set<Lie> lies) {
        this.state = state;
        this.layout = layout;
        this.trouble = new Trouble(layout, faults);
        this.lies = lies;
        this.files = state.highestNumber();
    }

    /** A new process, to which everything is there that others have written, durable or not. */
    public DiskOfProcess process() {
        return new DiskOfProcess(this);
    }

    /** Does what was done to the disk before anything that is to be proved. */
    public synchronized void prepare(List<DiskChange> first) {
        first.forEach(this::record);
        files = state.highestNumber();
    }

    /** The mail system is about to start once more. */
    public synchronized void beginStart() {
        trouble.beginStart(changes.size());
    }

    /** Nothing fails from now on. */
    public synchronized void mend() {
        trouble.end();
    }

    /** How many changes there have been. */
    public synchronized int operations() {
        return changes.size() + (heldBack == null ? 0 : 1);
    }

    /** All changes so far, in their order. */
    public synchronized List<DiskChange> changes() {
        settle();
        return List.copyOf(changes);
    }

    /** The faults that have hit something. */
    public synchronized Set<Hit> hits() {
        return trouble.hits();
    }

    /** How many operations have failed, besides those for which there was no room. */
    public synchronized int failures() {
        return trouble.failures();
    }

    /** How many of one kind have failed. */
    public synchronized int failures(Fault.Kind kind) {
        return trouble.failures(kind);
    }

    /** What is on it now, as programs see it; to be looked at when all of them have ended. */
    public DiskState state() {
        return state;
    }

    private void mayFail(Fault.Kind kind, Path path) throws IOException {
        if (trouble.strikes(kind, path, changes.size())) {
            throw new IOException(BROKEN);
        }
    }

    private void needRoom(Path path) throws IOException {
        if (trouble.isFull(path, changes.size())) {
            throw new IOException(FULL);
        }
    }

    // ---- changes

    private void record(DiskChange change) {
        settle();
        state.apply(change);
        changes.add(change);
    }

    /** Carries out what was held back. */
    private void settle() {
        DiskChange overtaken = heldBack;
        heldBack = null;
        if (overtaken != null) {
            state.apply(overtaken);
            changes.add(overtaken);
        }
        removal = null;
    }

    synchronized void makeDirectory(Path path) throws IOException {
        needParent(path);
        if (!state.isDirectory(path)) {
            needRoom(path);
            record(new DiskChange.MakeDirectory(path));
        }
    }

    synchronized int create(Path path) throws IOException {
        needParent(path);
        mayFail(Fault.Kind.CREATE, path);
        needRoom(path);
        files++;
        record(new DiskChange.Create(path, files));
        return files;
    }

    private void needParent(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null || !state.isDirectory(parent)) {
            throw new NoSuchFileException(path.toString());
        }
    }

    synchronized void write(int file, Path path, int position, byte[] bytes) throws IOException {
        mayFail(Fault.Kind.WRITE, path);
        if (trouble.strikes(Fault.Kind.SHORT_WRITE, path, changes.size())) {
            record(new DiskChange.Write(file, position, Arrays.copyOf(bytes, bytes.length / 2)));
            throw new IOException(BROKEN);
        }
        int free = Math.max(0, state.file(file).size() - position);
        if (bytes.length > free && trouble.isFull(path, changes.size())) {
            if (free > 0) {
                record(new DiskChange.Write(file, position, Arrays.copyOf(bytes, free)));
            }
            needRoom(path);
        }
        record(new DiskChange.Write(file, position, bytes));
    }

    synchronized void append(int file, Path path, byte[] bytes) throws IOException {
        write(file, path, state.file(file).size(), bytes);
    }

    synchronized void truncate(int file, Path path, int size) throws IOException {
        mayFail(Fault.Kind.TRUNCATE, path);
        record(new DiskChange.Truncate(file, size));
    }

    synchronized void rename(Path from, Path to) throws IOException {
        existing(from);
        needParent(to);
        mayFail(Fault.Kind.RENAME, from);
        boolean frees =
                layout.isJournal(from) && String.valueOf(to.getFileName()).startsWith("spare");
        change(new DiskChange.Rename(from, to), frees);
    }

    synchronized void delete(Path path) throws IOException {
        if (state.find(path) != null) {
            mayFail(Fault.Kind.DELETE, path);
            change(new DiskChange.Delete(path), layout.isJournal(path));
        }
    }

    private void change(DiskChange change, boolean freesSegment) {
        if (heldBack == null || !freesSegment) {
            record(change);
            return;
        }
        state.apply(change);
        changes.add(change);
        removal = new DiskChange.ForceDirectory(layout.queue.resolve("journal"));
    }

    synchronized void force(int file, Path path) throws IOException {
        boolean bereft = bereaved.remove(file);
        if (bereft || trouble.strikes(Fault.Kind.FORCE, path, changes.size())) {
            losses++;
            record(new DiskChange.ForceFailed(file));
            throw new IOException(BROKEN);
        }
        if (!isLie(path)) {
            DiskChange.Force force = new DiskChange.Force(file);
            if (lies.contains(Lie.REMOVAL_BEFORE_FORCE) && layout.isJournal(path)) {
                settle();
                heldBack = force;
            } else {
                record(force);
            }
        }
    }

    private boolean isLie(Path path) {
        return (lies.contains(Lie.JOURNAL_FORCE) && layout.isJournal(path))
                || (lies.contains(Lie.LARGE_FILE_FORCE) && layout.isLarge(path))
                || (lies.contains(Lie.MAILBOX_FORCE) && layout.isMailbox(path))
                || (lies.contains(Lie.MAILDIR_MESSAGE_FORCE) && layout.isUnfinishedDelivery(path));
    }

    synchronized void forceDirectory(Path directory) throws IOException {
        if (!state.isDirectory(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        mayFail(Fault.Kind.DIRECTORY_FORCE, directory);
        boolean lie =
                lies.contains(Lie.DIRECTORY_FORCE) || (lies.contains(Lie.MAILBOX_FORCE) && layout.isMailbox(directory));
        DiskChange change = new DiskChange.ForceDirectory(directory);
        if (change.equals(removal)) {
            state.apply(change);
            changes.add(change);
            settle();
        } else if (!lie) {
            record(change);
        }
    }

    /**
     * @param told how many losses the caller was told of, or happened before it opened what it forces
     * @throws IOException if there are more
     */
    synchronized void forceFileSystem(Path directory, int told) throws IOException {
        if (trouble.strikes(Fault.Kind.FILE_SYSTEM_FORCE, directory, changes.size())) {
            losses++;
            bereaved.addAll(state.filesWithUnforcedBytes());
            record(new DiskChange.ForceFileSystemFailed());
        } else if (!lies.contains(Lie.MAILBOX_FORCE)) {
            record(new DiskChange.ForceFileSystem());
        }
        if (losses != told) {
            throw new IOException(BROKEN);
        }
    }

    // ---- what changes nothing

    /** How many writes have been lost. */
    synchronized int losses() {
        return losses;
    }

    synchronized int open(Path path) throws IOException {
        int file = existing(path);
        mayFail(Fault.Kind.OPEN, path);
        return file;
    }

    private int existing(Path path) throws IOException {
        Integer number = state.find(path);
        if (number == null || number == Names.DIRECTORY) {
            throw new NoSuchFileException(path.toString());
        }
        return number;
    }

    synchronized @Nullable Integer find(Path path) {
        return state.find(path);
    }

    synchronized int read(int file, Path path, byte[] into, int offset, int length, long position) throws IOException {
        mayFail(Fault.Kind.READ, path);
        return state.file(file).read(into, offset, length, position);
    }

    synchronized int size(int file) {
        return state.file(file).size();
    }

    synchronized List<Path> list(Path directory) throws IOException {
        if (!state.isDirectory(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        mayFail(Fault.Kind.LIST, directory);
        return state.list(directory);
    }

    synchronized long room(Path directory) {
        return trouble.isFull(directory, changes.size()) ? 0 : ROOM - state.used();
    }

    // ---- locks

    synchronized boolean lock(Path path, DiskOfProcess holder) {
        return locks.putIfAbsent(path, holder) == null;
    }

    synchronized void unlock(Path path, DiskOfProcess holder) {
        locks.remove(path, holder);
    }

    /** Releases what a process holds that has ended. */
    synchronized void releaseLocks(DiskOfProcess holder) {
        locks.values().removeIf(holder::equals);
    }
}
