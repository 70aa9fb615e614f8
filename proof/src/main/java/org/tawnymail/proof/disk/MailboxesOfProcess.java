package org.tawnymail.proof.disk;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.tawnymail.local.mailbox.MailboxDisk;

/** The disk as the deliveries of one process see it. */
final class MailboxesOfProcess implements MailboxDisk {

    private final DiskOfProcess process;
    private final RecordingDisk disk;

    MailboxesOfProcess(DiskOfProcess process, RecordingDisk disk) {
        this.process = process;
        this.disk = disk;
    }

    @Override
    public MailboxFile create(Path path) throws IOException {
        synchronized (disk) {
            process.check();
            if (disk.find(path) != null) {
                throw new FileAlreadyExistsException(path.toString());
            }
            return created(path);
        }
    }

    @Override
    public MailboxFile append(Path path) throws IOException {
        synchronized (disk) {
            process.check();
            return disk.find(path) == null ? created(path) : new Mailbox(disk.open(path), path);
        }
    }

    private Mailbox created(Path path) throws IOException {
        Mailbox created = new Mailbox(disk.create(path), path);
        process.changed(path);
        return created;
    }

    @Override
    public byte[] read(Path file, long from, int count) throws IOException {
        synchronized (disk) {
            process.check();
            byte[] bytes = new byte[count];
            int read = disk.read(disk.open(file), file, bytes, 0, count, from);
            return Arrays.copyOf(bytes, read);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        process.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        process.delete(file);
    }

    @Override
    public long device(Path directory) throws IOException {
        synchronized (disk) {
            process.check();
            if (disk.find(directory) == null) {
                throw new NoSuchFileException(directory.toString());
            }
            return 1;
        }
    }

    @Override
    public Directory open(Path directory) throws IOException {
        synchronized (disk) {
            process.check();
            if (disk.find(directory) == null) {
                throw new NoSuchFileException(directory.toString());
            }
            return new OpenDirectory(directory, disk.losses());
        }
    }

    private final class OpenDirectory implements Directory {

        private final Path path;
        private int lossesTold;

        OpenDirectory(Path path, int lossesTold) {
            this.path = path;
            this.lossesTold = lossesTold;
        }

        @Override
        public void force() throws IOException {
            process.forceDirectory(path);
        }

        @Override
        public void forceFileSystem() throws IOException {
            synchronized (disk) {
                process.check();
                int told = lossesTold;
                try {
                    disk.forceFileSystem(path, told);
                } finally {
                    lossesTold = disk.losses();
                }
            }
        }

        @Override
        public void close() {}
    }

    private final class Mailbox implements MailboxFile {

        private final int file;
        private final Path path;
        private boolean hasLock;

        Mailbox(int file, Path path) {
            this.file = file;
            this.path = path;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            synchronized (disk) {
                process.check();
                disk.append(file, path, Arrays.copyOfRange(bytes, offset, offset + length));
                process.changed(path);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (disk) {
                process.check();
                disk.force(file, path);
                process.changed(path);
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (disk) {
                process.check();
                return disk.size(file);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (disk) {
                process.check();
                disk.truncate(file, path, (int) size);
                process.changed(path);
            }
        }

        @Override
        public boolean isAt(Path name) {
            return Integer.valueOf(file).equals(disk.find(name));
        }

        @Override
        public boolean tryLock() throws IOException {
            synchronized (disk) {
                process.check();
                hasLock = hasLock || disk.lock(path, process);
                return hasLock;
            }
        }

        @Override
        public void close() {
            synchronized (disk) {
                if (hasLock) {
                    hasLock = false;
                    disk.unlock(path, process);
                }
            }
        }
    }
}
