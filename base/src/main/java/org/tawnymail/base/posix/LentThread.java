package org.tawnymail.base.posix;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work as another user, and the platform thread that is lent to it. Linux keeps the ids of a process for each
 * of its threads; the library functions change all of them, the bare system calls one.
 */
final class LentThread<T> implements Runnable {

    /** How the thread becomes somebody else, and itself again. */
    interface Change {
        void make() throws SystemError;

        void undo() throws SystemError;
    }

    /** As many may work as somebody else at one time; others wait. qmail's largest concurrency of deliveries is 255. */
    private static final int MOST_AT_ONCE = 256;

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("as-another-", 0).factory());
    private static final Semaphore PLACES = new Semaphore(MOST_AT_ONCE, true);

    private final Change change;
    private final FileIdentity.Work<T> work;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread worker;
    private boolean interruptWanted;

    private LentThread(Change change, FileIdentity.Work<T> work) {
        this.change = change;
        this.work = work;
    }

    /** Runs the work and waits for its end; an interrupt of the caller is passed on to it. */
    static <T> T call(Change change, FileIdentity.Work<T> work) throws IOException {
        PLACES.acquireUninterruptibly();
        try {
            LentThread<T> lent = new LentThread<>(change, work);
            THREADS.execute(lent);
            return lent.await();
        } finally {
            PLACES.release();
        }
    }

    /** The result is told, which may wake a virtual thread, only after the thread is itself again. */
    @Override
    public void run() {
        T value;
        try {
            value = runAsAnother();
        } catch (Throwable failure) { // goes to the caller, whatever it is
            result.completeExceptionally(failure);
            return;
        }
        result.complete(value);
    }

    private T runAsAnother() throws IOException {
        hold(Thread.currentThread());
        try {
            change.make();
            return work.run();
        } finally {
            hold(null);
            Thread.interrupted(); // was meant for the work, not for the next user of this thread
            beItselfAgain();
        }
    }

    private void beItselfAgain() {
        try {
            change.undo();
        } catch (SystemError e) {
            throw new AssertionError("a thread could not take its own identity back", e);
        }
    }

    private T await() throws IOException {
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
            if (interruptWanted && thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private void interruptWork() {
        lock.lock();
        try {
            interruptWanted = true;
            if (worker != null) {
                worker.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }
}
