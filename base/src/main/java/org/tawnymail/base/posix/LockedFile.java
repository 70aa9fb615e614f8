package org.tawnymail.base.posix;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A file opened to be locked with {@code flock}, as qmail and all who share mailboxes with it do, and to be appended to.
 * (The locks of {@link java.nio.channels.FileChannel} are of another kind, {@code fcntl}, which {@code flock} does not
 * see.)
 *
 * <p>The lock belongs to this open file: it keeps out other processes and other openings in this one, and goes when the
 * file is closed or the process ends. For one thread at a time.
 */
public final class LockedFile implements Closeable {

    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;

    /**
     * flock cannot be given a time limit without a signal, so a waiting thread asks again, at first soon and then at this
     * distance.
     */
    private static final long LONGEST_PAUSE_MILLIS = 20;

    private final Path path;
    private final Descriptor descriptor;

    private LockedFile(Path path, Descriptor descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    /**
     * Opens a file for writing at its end, creating it if there is none, with these permissions less the umask. A named
     * pipe that nobody reads is an error, and not a reason to wait.
     */
    public static LockedFile openToAppend(Path path, int mode) throws SystemError {
        int flags = Descriptor.O_WRONLY | Descriptor.O_APPEND | Descriptor.O_CREAT | Descriptor.O_NONBLOCK;
        return new LockedFile(path, Descriptor.open(path, flags, mode));
    }

    /** Opens a file or directory that exists, only to lock it or to read its size. */
    public static LockedFile openToLock(Path path) throws SystemError {
        return new LockedFile(path, Descriptor.open(path, Descriptor.O_RDONLY | Descriptor.O_NONBLOCK, 0));
    }

    /** Takes the lock if nobody else holds it. */
    public boolean tryLock() throws IOException {
        while (true) {
            int result = Functions.FLOCK.call(descriptor.number(), LOCK_EX | LOCK_NB);
            if (result == -Errno.EAGAIN.number()) {
                return false;
            }
            if (result != -Errno.EINTR.number()) {
                CFunction.check(result, "unable to lock " + path);
                return true;
            }
        }
    }

    /**
     * Waits for the lock.
     *
     * @return false if the limit is reached
     * @throws InterruptedIOException if the thread is interrupted while it waits
     */
    public boolean lock(Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        long pause = 1;
        while (!tryLock()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for the lock of " + path);
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
        return true;
    }

    public void unlock() throws IOException {
        CFunction.check(Functions.FLOCK.call(descriptor.number(), LOCK_UN), "unable to unlock " + path);
    }

    /**
     * Whether a name still leads to this file. While one waits for the lock of a file, who holds it may put another in its
     * place; what is then written to the old one, nobody reads.
     */
    public boolean isAt(Path name) throws IOException {
        FileStatus mine = FileStatus.of(Path.of("/proc/self/fd/" + descriptor.number()));
        try {
            return FileStatus.of(name).isSameFileAs(mine);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    /** The number of octets in a file. */
    public long size() throws IOException {
        return descriptor.seek(0, Descriptor.SEEK_END);
    }

    /** Writes at the end. */
    public void append(byte[] octets, int offset, int length) throws IOException {
        descriptor.write(octets, offset, length, null);
    }

    /** Returns when what was written is on the disk. */
    public void force() throws IOException {
        descriptor.force();
    }

    /** Cuts the file off. */
    public void truncate(long size) throws IOException {
        descriptor.truncate(size);
    }

    /** Closes the file, which gives the lock back. */
    @Override
    public void close() throws IOException {
        descriptor.close();
    }

    private static final class Functions {
        static final CFunction FLOCK = CFunction.named("flock");
    }
}
