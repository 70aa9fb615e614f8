package org.tawnymail.proof.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.local.mailbox.MailboxDisk;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.DiskFile;
import org.tawnymail.queue.disk.FileFacts;
import org.tawnymail.queue.disk.FileInput;

/**
 * The disk as one process sees it, as its queue does; {@link #mailboxes} is the same for its deliveries. When the process is
 * killed, what it has written stays, durable or not, and nothing that its threads still try reaches the disk.
 */
public final class DiskOfProcess implements Disk {

    /** Files have no times here: each was changed last when the clock of all scenarios began. */
    public static final Instant MODIFIED = Instant.parse("2025-03-07T09:04:05Z");

    private static final String KILLED = "this process has been killed";

    private final RecordingDisk disk;
    private Path fatalPlace = Path.of("/");
    private int changesLeft = Integer.MAX_VALUE;
    private boolean killed;

    DiskOfProcess(RecordingDisk disk) {
        this.disk = disk;
    }

    /** kill -9, between two operations: when the process has made so many changes below a directory, or of a file. */
    public void killAfter(Path place, int changes) {
        synchronized (disk) {
            fatalPlace = place;
            changesLeft = changes;
        }
    }

    /** kill -9 now. Nothing happens if it was killed before. */
    public void kill() {
        synchronized (disk) {
            killed = true;
            disk.releaseLocks(this);
        }
    }

    public boolean isKilled() {
        synchronized (disk) {
            return killed;
        }
    }

    /** Does something on behalf of this process that is no matter of the disk, unless it was killed. */
    public void whileItLives(Runnable action) {
        synchronized (disk) {
            if (!killed) {
                action.run();
            }
        }
    }

    /** The same disk as deliveries see it. */
    public MailboxDisk mailboxes() {
        return new MailboxesOfProcess(this, disk);
    }

    /** Called with the lock of the disk. */
    void check() throws IOException {
        if (killed) {
            throw new IOException(KILLED);
        }
    }

    /** Called with the lock of the disk: something was changed. */
    void changed(Path path) {
        if (path.startsWith(fatalPlace) && --changesLeft == 0) {
            kill();
        }
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        synchronized (disk) {
            check();
            disk.makeDirectory(directory);
            Path parent = directory.getParent();
            if (parent != null) {
                disk.forceDirectory(parent);
            }
        }
    }

    @Override
    public Optional<FileFacts> facts(Path name) throws IOException {
        synchronized (disk) {
            check();
            Integer file = disk.find(name);
            if (file == null) {
                return Optional.empty();
            }
            boolean isDirectory = file == Names.DIRECTORY;
            long size = isDirectory ? 0 : disk.size(file);
            return Optional.of(new FileFacts(isDirectory, !isDirectory, size, MODIFIED, 0, 1));
        }
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        synchronized (disk) {
            check();
            return disk.list(directory).stream()
                    .map(path -> String.valueOf(path.getFileName()))
                    .toList();
        }
    }

    @Override
    public DiskFile read(Path file) throws IOException {
        synchronized (disk) {
            check();
            return new Opened(disk.open(file), file);
        }
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
    public DiskFile create(Path path) throws IOException {
        synchronized (disk) {
            check();
            Opened created = new Opened(disk.create(path), path);
            changed(path);
            return created;
        }
    }

    @Override
    public DiskFile createNew(Path path) throws IOException {
        synchronized (disk) {
            if (disk.find(path) != null) {
                throw new FileAlreadyExistsException(path.toString());
            }
            return create(path);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        synchronized (disk) {
            check();
            disk.rename(from, to);
            changed(to);
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        synchronized (disk) {
            check();
            disk.delete(file);
            changed(file);
        }
    }

    @Override
    public long room(Path directory) throws IOException {
        synchronized (disk) {
            check();
            return disk.room(directory);
        }
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        synchronized (disk) {
            check();
            disk.forceDirectory(directory);
            changed(directory);
        }
    }

    @Override
    public void forceFileSystem(Path directory) throws IOException {
        synchronized (disk) {
            check();
            disk.forceFileSystem(directory, disk.losses());
        }
    }

    @Override
    public Optional<Lock> lock(Path file) throws IOException {
        synchronized (disk) {
            check();
            return disk.lock(file, this) ? Optional.of(() -> disk.unlock(file, this)) : Optional.empty();
        }
    }

    private final class Opened implements DiskFile {

        private final int file;
        private final Path path;

        Opened(int file, Path path) {
            this.file = file;
            this.path = path;
        }

        @Override
        public long size() throws IOException {
            synchronized (disk) {
                check();
                return disk.size(file);
            }
        }

        @Override
        public int read(byte[] into, int offset, int length, long position) throws IOException {
            synchronized (disk) {
                check();
                return disk.read(file, path, into, offset, length, position);
            }
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            synchronized (disk) {
                check();
                disk.write(file, path, (int) position, copy);
                changed(path);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (disk) {
                check();
                disk.force(file, path);
                changed(path);
            }
        }

        @Override
        public void close() {}
    }
}
