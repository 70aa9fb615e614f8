package org.tawnymail.queue.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.FileSystemSync;
import org.tawnymail.base.posix.LockedFile;
import org.tawnymail.base.posix.OpenFileInput;
import org.tawnymail.base.program.SeekableInput;

/** The disk of this machine. */
public final class LocalDisk implements Disk {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = permissions("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE = permissions("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> READABLE = permissions("rw-r--r--");

    private static FileAttribute<Set<PosixFilePermission>> permissions(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        make(directory.toAbsolutePath(), OWNER_ONLY);
    }

    private void make(Path directory, FileAttribute<?>... attributes) throws IOException {
        Path parent = directory.getParent();
        if (!Files.isDirectory(directory)) {
            if (parent != null && !Files.isDirectory(parent)) {
                make(parent);
            }
            try {
                Files.createDirectory(directory, attributes);
            } catch (FileAlreadyExistsException raced) {
                if (!Files.isDirectory(directory)) {
                    throw new IOException(directory + " is in the way: it is no directory", raced);
                }
            }
        }
        // If it was there, too: who made it may have been killed before it got here.
        if (parent != null) {
            forceName(directory, parent);
        }
    }

    private void forceName(Path directory, Path parent) throws IOException {
        try {
            forceDirectory(parent);
        } catch (AccessDeniedException mayNotBeRead) {
            forceFileSystem(directory);
        }
    }

    @Override
    public Optional<FileFacts> facts(Path name) throws IOException {
        try {
            FileStatus found = FileStatus.ofLink(name);
            return Optional.of(new FileFacts(
                    found.isDirectory(),
                    found.isRegular(),
                    found.size(),
                    found.modified().toInstant(),
                    found.uid(),
                    found.links()));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        }
        return names;
    }

    @Override
    public DiskFile read(Path file) throws IOException {
        return existing(file, "r");
    }

    @Override
    public SeekableInput input(Path file) throws IOException {
        return OpenFileInput.open(file);
    }

    @Override
    public DiskFile write(Path file) throws IOException {
        return existing(file, "rw");
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        try {
            Files.createFile(file, PRIVATE);
        } catch (FileAlreadyExistsException existing) {
            // It is emptied.
        }
        RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
        opened.setLength(0);
        return new LocalFile(opened);
    }

    @Override
    public DiskFile createNew(Path file) throws IOException {
        Files.createFile(file, READABLE);
        // Whatever the mask of this process.
        Files.setPosixFilePermissions(file, READABLE.value());
        return new LocalFile(new RandomAccessFile(file.toFile(), "rw"));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public long room(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        // An interrupt would close the channel before the force: it is put off.
        boolean interrupted = Thread.interrupted();
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void forceFileSystem(Path directory) throws IOException {
        FileSystemSync.syncAllOf(directory);
    }

    @Override
    public Optional<Lock> lock(Path file) throws IOException {
        LockedFile locked = LockedFile.openToAppend(file, 0600);
        try {
            if (locked.tryLock()) {
                return Optional.of(() -> closeQuietly(locked));
            }
        } catch (IOException e) {
            locked.close();
            throw e;
        }
        locked.close();
        return Optional.empty();
    }

    private static void closeQuietly(LockedFile locked) {
        try {
            locked.close();
        } catch (IOException e) {
            // The lock goes with the descriptor, which is gone in any case.
        }
    }

    private static DiskFile existing(Path file, String mode) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return new LocalFile(new RandomAccessFile(file.toFile(), mode));
    }

    /**
     * Writes and forces go through the channel: fdatasync, and no copy of a direct buffer. Reads do not, because an
     * interrupt closes the channel of the thread that it hits, and this file is everybody's: a delivery that is cut short
     * must not take the journal along.
     */
    private static final class LocalFile implements DiskFile {

        private final RandomAccessFile file;
        private final FileChannel channel;
        private final ReentrantLock position = new ReentrantLock();

        LocalFile(RandomAccessFile file) {
            this.file = file;
            this.channel = file.getChannel();
        }

        @Override
        public long size() throws IOException {
            return file.length();
        }

        @Override
        public int read(byte[] into, int offset, int length, long from) throws IOException {
            position.lock();
            try {
                file.seek(from);
                int total = 0;
                while (total < length) {
                    int got = file.read(into, offset + total, length - total);
                    if (got < 0) {
                        break;
                    }
                    total += got;
                }
                return total;
            } finally {
                position.unlock();
            }
        }

        @Override
        public void write(ByteBuffer bytes, long at) throws IOException {
            long next = at;
            while (bytes.hasRemaining()) {
                next += channel.write(bytes, next);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
