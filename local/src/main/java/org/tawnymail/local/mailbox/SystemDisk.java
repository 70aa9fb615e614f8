package org.tawnymail.local.mailbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.tawnymail.base.posix.FileSystemSync;
import org.tawnymail.base.posix.LockedFile;

/**
 * The disk of this machine. Maildir files go through the JDK, which lets other threads run while a call is in the kernel;
 * mbox files through calls that know the lock of other mail programs.
 */
public final class SystemDisk implements MailboxDisk {

    private static final Set<StandardOpenOption> NEW_FILE =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int OWNER_ONLY_MODE = 0600;

    @Override
    public MailboxFile create(Path file) throws IOException {
        return new NewFile(FileChannel.open(file, NEW_FILE, OWNER_ONLY));
    }

    @Override
    public MailboxFile append(Path file) throws IOException {
        return new SharedFile(LockedFile.openToAppend(file, OWNER_ONLY_MODE));
    }

    @Override
    public byte[] read(Path file, long from, int count) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(count);
            int read = channel.read(bytes, from);
            return Arrays.copyOf(bytes.array(), Math.max(0, read));
        }
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
    public long device(Path directory) throws IOException {
        return ((Number) Files.getAttribute(directory, "unix:dev")).longValue();
    }

    @Override
    public Directory open(Path directory) throws IOException {
        return new OpenDirectory(FileSystemSync.of(directory));
    }

    private record NewFile(FileChannel channel) implements MailboxFile {

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public boolean tryLock() {
            return true; // nobody else knows of a new file
        }

        @Override
        public boolean isAt(Path name) {
            return true; // nor puts another in its place
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private record SharedFile(LockedFile file) implements MailboxFile {

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            file.append(bytes, offset, length);
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public boolean tryLock() throws IOException {
            return file.tryLock();
        }

        @Override
        public boolean isAt(Path name) throws IOException {
            return file.isAt(name);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private record OpenDirectory(FileSystemSync directory) implements Directory {

        @Override
        public void force() throws IOException {
            directory.syncEntries();
        }

        @Override
        public void forceFileSystem() throws IOException {
            directory.sync();
        }

        @Override
        public void close() throws IOException {
            directory.close();
        }
    }
}
