package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a descriptor can be read or written: with {@code poll} on a platform thread, and on a virtual thread by
 * parking it while one daemon thread of the process waits for all with {@code epoll}.
 *
 * <p>At most one thread may wait to read and one to write the same descriptor, and nobody may close it meanwhile.
 */
final class Readiness {

    /** POLLIN and EPOLLIN. */
    static final int TO_READ = 1;

    /** POLLOUT and EPOLLOUT. */
    static final int TO_WRITE = 4;

    private static final int F_GETFL = 3;
    private static final int ACCESS_MODE = 3;

    /** A platform thread looks this often whether it has been interrupted. */
    private static final long SLICE_MILLIS = 500;

    /**
     * Waits.
     *
     * @param limit how long, or null for as long as it takes
     * @throws SocketTimeoutException if the limit is reached
     * @throws InterruptedIOException if the thread is interrupted
     */
    static void await(int descriptor, int readiness, @Nullable Duration limit) throws IOException {
        long deadline = limit == null ? 0 : System.nanoTime() + limit.toNanos();
        boolean ready = Thread.currentThread().isVirtual()
                ? Epoll.PROCESS.await(descriptor, readiness, limit != null, deadline)
                : poll(descriptor, readiness, limit != null, deadline);
        if (!ready) {
            throw new SocketTimeoutException("timed out");
        }
    }

    private static boolean poll(int descriptor, int readiness, boolean limited, long deadline) throws IOException {
        if (readiness == TO_READ) {
            failIfOnlyWritten(descriptor);
        }
        try (Arena arena = Arena.ofConfined()) {
            // struct pollfd { int fd; short events; short revents; }
            MemorySegment pollfd = arena.allocate(8, 4);
            pollfd.set(JAVA_INT, 0, descriptor);
            pollfd.set(JAVA_SHORT, 4, (short) readiness);
            while (true) {
                long millis = SLICE_MILLIS;
                if (limited) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        return false;
                    }
                    millis = Math.min(millis, left / 1_000_000 + 1);
                }
                int result = Functions.POLL.call(pollfd.address(), 1, millis);
                if (result > 0) {
                    return true;
                }
                if (result < 0 && result != -Errno.EINTR.number()) {
                    throw new SystemError("unable to poll descriptor " + descriptor, -result);
                }
                failIfInterrupted();
            }
        }
    }

    /** Nothing ever comes out of the end of a pipe that is written to, and poll waits for it all the same. */
    private static void failIfOnlyWritten(int descriptor) throws SystemError {
        int flags = Functions.FCNTL.call(descriptor, F_GETFL);
        if (flags >= 0 && (flags & ACCESS_MODE) == Descriptor.O_WRONLY) {
            throw new SystemError("unable to read descriptor " + descriptor, Errno.EBADF.number());
        }
    }

    private static void failIfInterrupted() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
    }

    /** The one epoll of the process and its thread. */
    private static final class Epoll {

        static final Epoll PROCESS = new Epoll();

        private static final int CTL_ADD = 1;
        private static final int CTL_DEL = 2;
        private static final int CTL_MOD = 3;
        private static final int ONESHOT = 1 << 30;
        private static final int ERROR_OR_HANGUP = 8 | 16;
        private static final int CLOEXEC = 0x80000;
        private static final int EVENTS_AT_ONCE = 64;

        // struct epoll_event { uint32_t events; uint64_t data; }, packed on x86-64 alone.
        private static final int DATA = CFunction.AARCH64 ? 8 : 4;
        private static final int EVENT_SIZE = CFunction.AARCH64 ? 16 : 12;

        private static final class Waiters {
            @Nullable
            Waiter reader;

            @Nullable
            Waiter writer;

            int wanted() {
                return (reader == null ? 0 : TO_READ) | (writer == null ? 0 : TO_WRITE);
            }

            void set(int readiness, @Nullable Waiter waiter) {
                if (readiness == TO_READ) {
                    reader = waiter;
                } else {
                    writer = waiter;
                }
            }
        }

        private static final class Waiter {
            final Thread thread = Thread.currentThread();
            volatile boolean ready;

            void wake() {
                ready = true;
                LockSupport.unpark(thread);
            }
        }

        private final ReentrantLock lock = new ReentrantLock();
        private final Map<Integer, Waiters> waiting = new HashMap<>();
        private final int epoll;

        private Epoll() {
            epoll = Functions.EPOLL_CREATE1.call(CLOEXEC);
            if (epoll < 0) {
                throw new IllegalStateException("unable to create an epoll: " + Errno.text(-epoll));
            }
            Thread.ofPlatform().daemon().name("descriptor-readiness").start(this::watch);
        }

        boolean await(int descriptor, int readiness, boolean limited, long deadline) throws IOException {
            Waiter self = new Waiter();
            if (!enter(descriptor, readiness, self)) {
                return true;
            }
            try {
                while (!self.ready) {
                    failIfInterrupted();
                    if (limited) {
                        long left = deadline - System.nanoTime();
                        if (left <= 0) {
                            return false;
                        }
                        LockSupport.parkNanos(this, left);
                    } else {
                        LockSupport.park(this);
                    }
                }
                return true;
            } finally {
                leave(descriptor, readiness);
            }
        }

        /** Returns false for a file that epoll does not take because it is always ready: a regular one. */
        private boolean enter(int descriptor, int readiness, Waiter self) throws SystemError {
            lock.lock();
            try {
                Waiters waiters = waiting.get(descriptor);
                boolean isNew = waiters == null;
                if (waiters == null) {
                    waiters = new Waiters();
                }
                waiters.set(readiness, self);
                int result = control(isNew ? CTL_ADD : CTL_MOD, descriptor, waiters.wanted());
                if (result >= 0) {
                    waiting.put(descriptor, waiters);
                    return true;
                }
                waiters.set(readiness, null);
                if (result == -Errno.EPERM.number()) {
                    return false;
                }
                throw new SystemError("unable to wait for descriptor " + descriptor, -result);
            } finally {
                lock.unlock();
            }
        }

        private void leave(int descriptor, int readiness) {
            lock.lock();
            try {
                Waiters waiters = waiting.get(descriptor);
                if (waiters == null) {
                    return;
                }
                waiters.set(readiness, null);
                // An error here means that the descriptor is gone, and with it what was to be undone.
                if (waiters.wanted() == 0) {
                    waiting.remove(descriptor);
                    control(CTL_DEL, descriptor, 0);
                } else {
                    control(CTL_MOD, descriptor, waiters.wanted());
                }
            } finally {
                lock.unlock();
            }
        }

        private int control(int operation, int descriptor, int readiness) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment event = arena.allocate(EVENT_SIZE, 8);
                event.set(JAVA_INT, 0, readiness | ONESHOT);
                event.set(JAVA_INT_UNALIGNED, DATA, descriptor);
                return Functions.EPOLL_CTL.call(epoll, operation, descriptor, event.address());
            }
        }

        private void watch() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment events = arena.allocate((long) EVENT_SIZE * EVENTS_AT_ONCE, 8);
                while (true) {
                    int count = Functions.EPOLL_WAIT.call(epoll, events.address(), EVENTS_AT_ONCE, -1);
                    for (int i = 0; i < count; i++) {
                        long event = (long) i * EVENT_SIZE;
                        wake(events.get(JAVA_INT_UNALIGNED, event + DATA), events.get(JAVA_INT_UNALIGNED, event));
                    }
                }
            }
        }

        private void wake(int descriptor, int events) {
            lock.lock();
            try {
                Waiters waiters = waiting.get(descriptor);
                if (waiters == null) {
                    return;
                }
                int ready = (events & ERROR_OR_HANGUP) != 0 ? TO_READ | TO_WRITE : events;
                Waiter reader = waiters.reader;
                Waiter writer = waiters.writer;
                int rest = 0;
                if (reader != null && !reader.ready) {
                    if ((ready & TO_READ) != 0) {
                        reader.wake();
                    } else {
                        rest |= TO_READ;
                    }
                }
                if (writer != null && !writer.ready) {
                    if ((ready & TO_WRITE) != 0) {
                        writer.wake();
                    } else {
                        rest |= TO_WRITE;
                    }
                }
                if (rest != 0) {
                    control(CTL_MOD, descriptor, rest);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private static final class Functions {
        static final CFunction POLL = CFunction.named("poll");
        static final CFunction FCNTL = CFunction.named("fcntl");
        static final CFunction EPOLL_CREATE1 = CFunction.named("epoll_create1");
        static final CFunction EPOLL_CTL = CFunction.named("epoll_ctl");
        static final CFunction EPOLL_WAIT = CFunction.named("epoll_wait");
    }

    private Readiness() {}
}
