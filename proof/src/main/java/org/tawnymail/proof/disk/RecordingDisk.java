package org.tawnymail.proof.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.local.mailbox.MailboxDisk;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.DiskFile;
import org.tawnymail.queue.disk.FileFacts;

/**
 * A disk in memory that writes down every change, so that afterwards the power can be cut after each of them in turn. The
 * queue and the mailboxes lie on it together: {@link #mailboxes} is the same disk as deliveries see it. Safe for use by
 * many threads.
 */
public final class RecordingDisk implements Disk {

    /** What a disk that is not full offers: more than any scenario writes. */
    private static final long ROOM = 64L << 20;

    private static final String FULL = "No space left on device";
    private static final String BROKEN = "Input/output error";

    private final DiskState state;
    private Faults faults;
    private final List<DiskChange> changes = new ArrayList<>();
    private final Set<Path> locked = new HashSet<>();
    private int files;
    private boolean forceHasFailed;
    private boolean writeHasFailed;

    /** @param state what is on it at first; this disk changes it */
    public RecordingDisk(DiskState state, Faults faults) {
        this.state = state;
        this.faults = faults;
        this.files = state.highestNumber();
    }

    /** Nothing goes wrong from now on. */
    public synchronized void mend() {
        faults = Faults.NONE;
    }

    /** How many changes there have been. */
    public synchronized int operations() {
        return changes.size();
    }

    /** All changes so far, in their order. */
    public synchronized List<DiskChange> changes() {
        return List.copyOf(changes);
    }

    /** The same disk for deliveries to mailboxes. */
    public MailboxDisk mailboxes() {
        return new Mailboxes();
    }

    /** What is on it now, as programs see it; to be looked at when all of them have ended. */
    public DiskState state() {
        return state;
    }

    private void record(DiskChange change) {
        state.apply(change);
        changes.add(change);
    }

    private boolean isFull() {
        return changes.size() >= faults.fullFrom() && changes.size() < faults.fullTo();
    }

    private int existing(Path path) throws IOException {
        Integer number = state.find(path);
        if (number == null) {
            throw new NoSuchFileException(path.toString());
        }
        return number;
    }

    private int createFile(Path path) throws IOException {
        if (isFull()) {
            throw new IOException(FULL);
        }
        files++;
        record(new DiskChange.Create(path, files));
        return files;
    }

    private void writeBytes(int file, int position, byte[] bytes) throws IOException {
        boolean grows = position + bytes.length > state.file(file).size();
        if (grows && isFull()) {
            throw new IOException(FULL);
        }
        if (changes.size() >= faults.shortWrite() && !writeHasFailed) {
            writeHasFailed = true;
            record(new DiskChange.Write(file, position, Arrays.copyOf(bytes, bytes.length / 2)));
            throw new IOException(BROKEN);
        }
        record(new DiskChange.Write(file, position, bytes));
    }

    private void forceBytes(int file) throws IOException {
        if (changes.size() >= faults.failedForce() && !forceHasFailed) {
            forceHasFailed = true;
            record(new DiskChange.ForceFailed(file));
            throw new IOException(BROKEN);
        }
        record(new DiskChange.Force(file));
    }

    // ---- the queue's side

    @Override
    public void makeDirectory(Path directory) {
        // Made before any mail: see DiskState.
    }

    /** Files only: directories are not kept here, nor times. */
    @Override
    public synchronized Optional<FileFacts> facts(Path name) {
        Integer number = state.find(name);
        return number == null
                ? Optional.empty()
                : Optional.of(new FileFacts(false, true, state.file(number).size(), Instant.EPOCH, 0, 1));
    }

    @Override
    public synchronized List<String> list(Path directory) {
        return state.list(directory).stream()
                .map(path -> String.valueOf(path.getFileName()))
                .toList();
    }

    @Override
    public synchronized DiskFile read(Path file) throws IOException {
        return new Opened(existing(file));
    }

    @Override
    public SeekableInput input(Path path) throws IOException {
        return new Reading(read(path));
    }

    @Override
    public DiskFile write(Path file) throws IOException {
        return read(file);
    }

    @Override
    public synchronized DiskFile create(Path path) throws IOException {
        return new Opened(createFile(path));
    }

    @Override
    public DiskFile createNew(Path path) throws IOException {
        return create(path);
    }

    @Override
    public synchronized void forceFileSystem(Path directory) {
        record(new DiskChange.ForceFileSystem());
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        existing(from);
        record(new DiskChange.Rename(from, to));
    }

    @Override
    public synchronized void delete(Path file) {
        if (state.find(file) != null) {
            record(new DiskChange.Delete(file));
        }
    }

    @Override
    public synchronized long room(Path directory) {
        return isFull() ? 0 : ROOM - state.used();
    }

    @Override
    public synchronized void forceDirectory(Path directory) {
        record(new DiskChange.ForceDirectory(directory));
    }

    @Override
    public synchronized Optional<Lock> lock(Path file) {
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

        private final int file;

        Opened(int file) {
            this.file = file;
        }

        @Override
        public long size() {
            synchronized (RecordingDisk.this) {
                return state.file(file).size();
            }
        }

        @Override
        public int read(byte[] into, int offset, int length, long position) {
            synchronized (RecordingDisk.this) {
                return state.file(file).read(into, offset, length, position);
            }
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            synchronized (RecordingDisk.this) {
                writeBytes(file, (int) position, copy);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (RecordingDisk.this) {
                forceBytes(file);
            }
        }

        @Override
        public void close() {}
    }

    private static final class Reading extends SeekableInput {

        private final DiskFile file;
        private long position;

        Reading(DiskFile file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int got = file.read(into, offset, length, position);
            position += got;
            return got == 0 && length > 0 ? -1 : got;
        }

        @Override
        public void rewind() {
            position = 0;
        }
    }

    // ---- the mailboxes' side

    private final class Mailboxes implements MailboxDisk {

        @Override
        public MailboxFile create(Path path) throws IOException {
            synchronized (RecordingDisk.this) {
                if (state.find(path) != null) {
                    throw new FileAlreadyExistsException(path.toString());
                }
                return new Mailbox(createFile(path), path);
            }
        }

        @Override
        public MailboxFile append(Path path) throws IOException {
            synchronized (RecordingDisk.this) {
                Integer there = state.find(path);
                return new Mailbox(there == null ? createFile(path) : there, path);
            }
        }

        @Override
        public byte[] read(Path file, long from, int count) throws IOException {
            synchronized (RecordingDisk.this) {
                byte[] bytes = new byte[count];
                int read = state.file(existing(file)).read(bytes, 0, count, from);
                return Arrays.copyOf(bytes, read);
            }
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            RecordingDisk.this.rename(from, to);
        }

        @Override
        public void delete(Path file) {
            RecordingDisk.this.delete(file);
        }

        @Override
        public long device(Path directory) {
            return 1;
        }

        @Override
        public Directory open(Path directory) {
            return new Directory() {
                @Override
                public void force() {
                    forceDirectory(directory);
                }

                @Override
                public void forceFileSystem() {
                    synchronized (RecordingDisk.this) {
                        record(new DiskChange.ForceFileSystem());
                    }
                }

                @Override
                public void close() {}
            };
        }
    }

    private final class Mailbox implements MailboxDisk.MailboxFile {

        private final int file;
        private final Path path;
        private boolean hasLock;

        Mailbox(int file, Path path) {
            this.file = file;
            this.path = path;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            synchronized (RecordingDisk.this) {
                writeBytes(file, state.file(file).size(), Arrays.copyOfRange(bytes, offset, offset + length));
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (RecordingDisk.this) {
                forceBytes(file);
            }
        }

        @Override
        public long size() {
            synchronized (RecordingDisk.this) {
                return state.file(file).size();
            }
        }

        @Override
        public void truncate(long size) {
            synchronized (RecordingDisk.this) {
                record(new DiskChange.Truncate(file, (int) size));
            }
        }

        @Override
        public boolean isAt(Path name) {
            return path.equals(name);
        }

        @Override
        public boolean tryLock() {
            synchronized (RecordingDisk.this) {
                hasLock = hasLock || locked.add(path);
                return hasLock;
            }
        }

        @Override
        public void close() {
            synchronized (RecordingDisk.this) {
                if (hasLock) {
                    hasLock = false;
                    locked.remove(path);
                }
            }
        }
    }
}
