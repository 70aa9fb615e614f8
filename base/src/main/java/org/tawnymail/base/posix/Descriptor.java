package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One open file of this process, by its number; what the streams and the locked files stand on. Closed at most once,
 * whoever shares it: the number may soon belong to somebody else.
 *
 * <p>One thread may read and another write at the same time; no two may do the same.
 */
final class Descriptor {

    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_NOCTTY = 0x100;
    static final int O_APPEND = 0x400;
    static final int O_NONBLOCK = 0x800;
    static final int O_DIRECTORY = CFunction.AARCH64 ? 0x4000 : 0x10000;
    static final int O_CLOEXEC = 0x80000;

    static final int SEEK_SET = 0;
    static final int SEEK_CUR = 1;
    static final int SEEK_END = 2;

    /** How much one call moves. What is written in pieces no larger never blocks once a pipe is ready (PIPE_BUF). */
    static final int BUFFER_SIZE = 4096;

    private final int number;
    private final boolean nonBlocking;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable MemorySegment readBuffer;
    private @Nullable MemorySegment writeBuffer;

    /**
     * @param nonBlocking whether the open file is in non-blocking mode, which only one that nobody else shares may be
     */
    Descriptor(int number, boolean nonBlocking) {
        this.number = number;
        this.nonBlocking = nonBlocking;
    }

    /** Opens a file; it is not inherited by child processes unless handed to them. */
    static Descriptor open(Path path, int flags, int mode) throws SystemError {
        try (Arena arena = Arena.ofConfined()) {
            int number;
            do {
                number = Functions.OPEN.call(CFunction.string(arena, path), flags | O_CLOEXEC, mode);
            } while (number == -Errno.EINTR.number());
            return new Descriptor(CFunction.check(number, "unable to open " + path), false);
        }
    }

    int number() throws IOException {
        if (closed.get()) {
            throw new IOException("descriptor " + number + " is closed");
        }
        return number;
    }

    /** The number, to be handed on; of a closed one it would be somebody else's. */
    int numberToHandOn() {
        if (closed.get()) {
            throw new IllegalStateException("descriptor " + number + " is closed");
        }
        return number;
    }

    /**
     * Reads at least one octet.
     *
     * @param limit how long to wait, or null for as long as it takes
     * @return how many, or -1 at the end
     */
    int read(byte[] to, int offset, int length, @Nullable Duration limit) throws IOException {
        if (length == 0) {
            return 0;
        }
        MemorySegment buffer = readBuffer;
        if (buffer == null) {
            readBuffer = buffer = Arena.ofAuto().allocate(BUFFER_SIZE);
        }
        if (mustWaitFirst(limit)) {
            Readiness.await(number(), Readiness.TO_READ, limit);
        }
        while (true) {
            int count = Functions.READ.call(number(), buffer.address(), Math.min(length, BUFFER_SIZE));
            if (count > 0) {
                MemorySegment.copy(buffer, JAVA_BYTE, 0, to, offset, count);
                return count;
            }
            if (count == 0) {
                return -1;
            }
            retryOrFail(count, Readiness.TO_READ, limit, "unable to read descriptor ");
        }
    }

    /**
     * Writes everything.
     *
     * @param limit how long each wait may take, or null for as long as it takes
     */
    void write(byte[] from, int offset, int length, @Nullable Duration limit) throws IOException {
        MemorySegment buffer = writeBuffer;
        if (buffer == null) {
            writeBuffer = buffer = Arena.ofAuto().allocate(BUFFER_SIZE);
        }
        int next = offset;
        int end = offset + length;
        while (next < end) {
            if (mustWaitFirst(limit)) {
                Readiness.await(number(), Readiness.TO_WRITE, limit);
            }
            int piece = Math.min(end - next, BUFFER_SIZE);
            MemorySegment.copy(from, next, buffer, JAVA_BYTE, 0, piece);
            int count = Functions.WRITE.call(number(), buffer.address(), piece);
            if (count < 0) {
                retryOrFail(count, Readiness.TO_WRITE, limit, "unable to write descriptor ");
            } else {
                next += count;
            }
        }
    }

    /** Moves the position, which all who hold the open file share, and tells where it is. */
    long seek(long offset, int whence) throws IOException {
        long position = Functions.LSEEK.callLong(number(), offset, whence);
        if (position < 0) {
            throw new SystemError("unable to seek descriptor " + number, (int) -position);
        }
        return position;
    }

    void force() throws IOException {
        CFunction.check(Functions.FSYNC.call(number()), "unable to fsync descriptor " + number);
    }

    void truncate(long size) throws IOException {
        CFunction.check(Functions.FTRUNCATE.call(number(), size), "unable to truncate descriptor " + number);
    }

    /** Closes it; a second time does nothing. */
    void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            int result = Functions.CLOSE.call(number);
            // After EINTR the number is gone all the same on Linux.
            if (result != -Errno.EINTR.number()) {
                CFunction.check(result, "unable to close descriptor " + number);
            }
        }
    }

    /** A call that may block must not hold the carrier of a virtual thread, nor outlive its limit. */
    private boolean mustWaitFirst(@Nullable Duration limit) {
        return !nonBlocking && (limit != null || Thread.currentThread().isVirtual());
    }

    private void retryOrFail(int result, int readiness, @Nullable Duration limit, String what) throws IOException {
        if (result == -Errno.EAGAIN.number()) {
            Readiness.await(number(), readiness, limit);
        } else if (result != -Errno.EINTR.number()) {
            throw new SystemError(what + number, -result);
        }
    }

    static final class Functions {
        static final CFunction OPEN = CFunction.named("open");
        static final CFunction READ = CFunction.named("read");
        static final CFunction WRITE = CFunction.named("write");
        static final CFunction LSEEK = CFunction.named("lseek");
        static final CFunction FSYNC = CFunction.named("fsync");
        static final CFunction FTRUNCATE = CFunction.named("ftruncate");
        static final CFunction CLOSE = CFunction.named("close");
    }
}
