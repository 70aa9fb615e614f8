package org.tawnymail.local.mailbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.posix.Errno;

/**
 * The shared flush of one file system; see {@link MailboxFlush}. While one flush is under way those gather who take part in
 * the next: with 100 deliveries at a time about 50 share each, and every one takes part in two.
 */
final class FileSystemFlush {

    /** A deliverer must give up before readers take its file in {@code tmp} for stale (core spec, section 13.2). */
    static final Duration LONGEST_WAIT = Duration.ofHours(24);

    /** How long the thread and the open directory outlive the last delivery: both are cheap, and so is making them. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    /**
     * So many waiting deliveries are forced one by one; for more of them one flush of everything is cheaper. Measured on
     * ext4 on a loop device: an fsync takes 0.5 to 0.7 ms, a syncfs 1.5 to 2.5 ms whether 4 deliveries share it or 50.
     */
    private static final int FEW = 2;

    private final long device;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private List<Waiter> waiting = new ArrayList<>();
    private MailboxDisk.@Nullable Directory directory;
    private int watches;
    private long failures;
    private boolean closed;

    FileSystemFlush(long device) {
        this.device = device;
    }

    private static final class Waiter {
        private final MailboxFlush.Force alone;
        private final CountDownLatch done = new CountDownLatch(1);
        private @Nullable IOException failure;

        Waiter(MailboxFlush.Force alone) {
            this.alone = alone;
        }

        void release(@Nullable IOException why) {
            failure = why;
            done.countDown();
        }
    }

    MailboxFlush.Watch watch(MailboxDisk disk, Path within) {
        lock.lock();
        try {
            watches++;
            if (directory == null) {
                directory = disk.open(within);
                Thread.ofPlatform().daemon().name("mailbox-flush-" + device).start(this::run);
            }
            return new SharedWatch(failures);
        } catch (IOException unreadable) {
            // A directory that may be written to and not read cannot be opened: such mailboxes pay each for itself.
            watches--;
            return new LonelyWatch();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private final class SharedWatch implements MailboxFlush.Watch {

        private final long failuresBefore;

        SharedWatch(long failuresBefore) {
            this.failuresBefore = failuresBefore;
        }

        @Override
        public void settle(MailboxFlush.Force alone) throws IOException {
            Waiter waiter = new Waiter(alone);
            if (isTaken(waiter)) {
                await(waiter);
            } else {
                forceAlone(waiter);
            }
            if (waiter.failure != null) {
                throw new IOException(Errno.text(waiter.failure), waiter.failure);
            }
            lock.lock();
            try {
                if (failures != failuresBefore) {
                    throw new IOException(Errno.EIO.text());
                }
            } finally {
                lock.unlock();
            }
        }

        /** Whether there is a thread that will see to it; after {@link FileSystemFlush#close} there may be none. */
        private boolean isTaken(Waiter waiter) {
            lock.lock();
            try {
                if (directory == null) {
                    return false;
                }
                waiting.add(waiter);
                changed.signal();
                return true;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                watches--;
            } finally {
                lock.unlock();
            }
        }
    }

    private static final class LonelyWatch implements MailboxFlush.Watch {

        @Override
        public void settle(MailboxFlush.Force alone) throws IOException {
            alone.force();
        }

        @Override
        public void close() {}
    }

    private static void await(Waiter waiter) throws IOException {
        try {
            if (!waiter.done.await(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException(Errno.ETIMEDOUT.text());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(Errno.EINTR.text(), stopped);
        }
    }

    private void run() {
        List<Waiter> batch = next();
        while (!batch.isEmpty()) {
            if (batch.size() <= FEW) {
                batch.forEach(FileSystemFlush::forceAlone);
            } else {
                forceTogether(batch);
            }
            batch = next();
        }
    }

    /** Those who wait, or none when the thread is to end. */
    private List<Waiter> next() {
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                boolean isIdle = !closed && changed.awaitNanos(IDLE.toNanos()) <= 0 && watches == 0;
                if (waiting.isEmpty() && (closed || isIdle)) {
                    letGo();
                    return List.of();
                }
            }
            List<Waiter> batch = waiting;
            waiting = new ArrayList<>();
            return batch;
        } catch (InterruptedException never) {
            throw new IllegalStateException("nobody knows this thread", never);
        } finally {
            lock.unlock();
        }
    }

    private void letGo() {
        MailboxDisk.Directory open = directory;
        directory = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException harmless) {
            // Nothing was written through it.
        }
    }

    private static void forceAlone(Waiter waiter) {
        try {
            waiter.alone.force();
            waiter.release(null);
        } catch (IOException e) {
            waiter.release(e);
        } catch (RuntimeException defect) {
            waiter.release(new IOException("defect in a force: " + defect, defect));
        }
    }

    private void forceTogether(List<Waiter> batch) {
        IOException failure = forceFileSystem();
        batch.forEach(waiter -> waiter.release(failure));
    }

    private @Nullable IOException forceFileSystem() {
        MailboxDisk.Directory open;
        lock.lock();
        try {
            open = directory;
        } finally {
            lock.unlock();
        }
        try {
            if (open == null) {
                throw new IOException(Errno.EBADF.text());
            }
            open.forceFileSystem();
            return null;
        } catch (IOException e) {
            lock.lock();
            try {
                failures++;
            } finally {
                lock.unlock();
            }
            return e;
        }
    }
}
