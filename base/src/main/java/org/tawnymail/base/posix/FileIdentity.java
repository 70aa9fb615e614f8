package org.tawnymail.base.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Does work on files as another user: what a process of that user may not open, read or create, the work may not either,
 * and what it creates belongs to that user. Only a process of root can do so.
 *
 * <p>How: Linux keeps the ids that files are accessed with for each thread (setfsuid(2)). The work therefore runs on a
 * platform thread lent to it alone, which afterwards is root again; the caller waits.
 *
 * <p><b>The work must do nothing but its file operations.</b> A thread that it starts would keep the user's ids, and
 * waking a virtual thread can start one (a carrier): no locks, queues or streams shared with other threads, no child
 * processes. Ids of processes and signals stay those of this process: it is no way to run a program.
 */
public final class FileIdentity {

    /** What is to be done. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /** As many may work as somebody else at one time; others wait. qmail's largest concurrency of deliveries is 255. */
    private static final int MOST_AT_ONCE = 256;

    /**
     * Runs the work as somebody. If this process is that user already, it simply runs on the caller's thread.
     *
     * <p>An interrupt of the caller is passed on to the work, and its end is waited for all the same.
     *
     * @throws SystemError if this process may not do that ({@code permission denied}); the work then has not begun
     */
    public static <T> T call(Identity identity, Work<T> work) throws IOException {
        int uid = ThisProcess.effectiveUid();
        if (uid == identity.uid() && (uid != 0 || ThisProcess.effectiveGid() == identity.gid())) {
            return work.run();
        }
        if (uid != 0) {
            throw new SystemError(
                    "unable to use files as user " + Integer.toUnsignedString(identity.uid()), Errno.EPERM.number());
        }
        return Borrowed.run(identity, work);
    }

    /** The threads and the system calls; never loaded by a process that has but one identity. */
    private static final class Borrowed {

        /** setgroups of glibc changes all threads; the bare system call changes one. */
        private static final long SYS_SETGROUPS = CFunction.AARCH64 ? 159 : 116;

        private static final CFunction SYSCALL = CFunction.named("syscall");
        private static final CFunction SETFSUID = CFunction.named("setfsuid");
        private static final CFunction SETFSGID = CFunction.named("setfsgid");

        private static final ExecutorService THREADS = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("file-identity-", 0).factory());
        private static final Semaphore PLACES = new Semaphore(MOST_AT_ONCE, true);

        /** Root's; taken once, so that a lent thread comes back the same whatever happened to it. */
        private static final Identity OWN = own();

        static <T> T run(Identity identity, Work<T> work) throws IOException {
            PLACES.acquireUninterruptibly();
            try {
                Lent<T> lent = new Lent<>(identity, work);
                THREADS.execute(lent);
                return lent.await();
            } finally {
                PLACES.release();
            }
        }

        private static Identity own() {
            try {
                return ThisProcess.identity();
            } catch (SystemError e) {
                throw new IllegalStateException(e);
            }
        }

        static void change(Identity identity) throws SystemError {
            setGroups(identity.groups());
            SETFSGID.call(identity.gid());
            SETFSUID.call(identity.uid());
            // These two do not tell whether they succeeded; asked for the impossible id -1, they tell the present one.
            if (SETFSUID.call(-1) != identity.uid() || SETFSGID.call(-1) != identity.gid()) {
                throw new SystemError(
                        "unable to use files as user " + Integer.toUnsignedString(identity.uid()),
                        Errno.EPERM.number());
            }
        }

        static void restore() {
            try {
                SETFSUID.call(OWN.uid());
                SETFSGID.call(OWN.gid());
                setGroups(OWN.groups());
            } catch (SystemError e) {
                throw new AssertionError("a thread could not take its own identity back", e);
            }
            if (SETFSUID.call(-1) != OWN.uid()) {
                throw new AssertionError("a thread could not take its own identity back");
            }
        }

        private static void setGroups(List<Integer> groups) throws SystemError {
            try (Arena arena = Arena.ofConfined()) {
                CFunction.check(
                        SYSCALL.call(
                                SYS_SETGROUPS,
                                groups.size(),
                                ThisProcess.ids(arena, groups).address()),
                        "unable to set the groups");
            }
        }
    }

    /** One piece of work and the thread that is lent to it. */
    private static final class Lent<T> implements Runnable {

        private final Identity identity;
        private final Work<T> work;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable Thread worker;

        Lent(Identity identity, Work<T> work) {
            this.identity = identity;
            this.work = work;
        }

        /** The result is told, which may wake a virtual thread, only after the thread is itself again. */
        @Override
        public void run() {
            T value;
            try {
                hold(Thread.currentThread());
                try {
                    Borrowed.change(identity);
                    value = work.run();
                } finally {
                    Borrowed.restore();
                    hold(null);
                    Thread.interrupted(); // was meant for the work, not for the next user of this thread
                }
            } catch (Throwable failure) { // goes to the caller, whatever it is
                result.completeExceptionally(failure);
                return;
            }
            result.complete(value);
        }

        T await() throws IOException {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        return result.get();
                    } catch (InterruptedException e) {
                        interrupted = true;
                        interruptWork();
                    }
                }
            } catch (ExecutionException failed) {
                switch (failed.getCause()) {
                    case IOException e -> throw e;
                    case RuntimeException e -> throw e;
                    case Error e -> throw e;
                    case null, default -> throw new AssertionError(failed);
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private void hold(@Nullable Thread thread) {
            lock.lock();
            try {
                worker = thread;
            } finally {
                lock.unlock();
            }
        }

        private void interruptWork() {
            lock.lock();
            try {
                if (worker != null) {
                    worker.interrupt();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private FileIdentity() {}
}
