package org.tawnymail.local.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.tawnymail.base.Octets;

/**
 * A disk in memory that keeps for sure only what was forced. At a crash each file has lost any part of what was written to
 * it since, and each directory entry changed since may be old or new: the worst that a file system may do.
 */
final class ForgetfulDisk implements MailboxDisk {

    private static final class Content {
        final StringBuilder written = new StringBuilder();
        int durable;
    }

    private final Map<Path, Content> names = new HashMap<>();
    private final Map<Path, Content> durableNames = new HashMap<>();
    private int operationsLeft = Integer.MAX_VALUE;
    private int forces;
    private int fileSystemForces;
    private int written;
    private boolean holding;
    private boolean failing;

    synchronized void losePowerAfter(int operations) {
        operationsLeft = operations;
    }

    synchronized void holdForces() {
        holding = true;
    }

    synchronized void releaseForces() {
        holding = false;
        notifyAll();
    }

    synchronized void failForces() {
        failing = true;
    }

    synchronized void mendForces() {
        failing = false;
    }

    synchronized int forces() {
        return forces;
    }

    synchronized int fileSystemForces() {
        return fileSystemForces;
    }

    synchronized List<Path> names() {
        return List.copyOf(names.keySet());
    }

    void awaitWritten(int count) throws InterruptedException {
        awaitCondition(() -> {
            synchronized (this) {
                return written >= count;
            }
        });
    }

    void awaitCondition(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    synchronized void awaitRelease() throws IOException {
        try {
            while (holding) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** What the files of a directory hold after the crash, where luck decides about everything that was not forced. */
    synchronized List<String> afterTheCrash(Path directory, Random random) {
        Map<Path, Content> left = new HashMap<>();
        durableNames.forEach((name, content) -> {
            if (names.get(name) == content || random.nextBoolean()) {
                left.put(name, content);
            }
        });
        names.forEach((name, content) -> {
            if (durableNames.get(name) == content || random.nextBoolean()) {
                left.put(name, content);
            }
        });
        List<String> contents = new ArrayList<>();
        left.forEach((name, content) -> {
            if (directory.equals(name.getParent())) {
                int lost = content.written.length() - content.durable;
                contents.add(content.written.substring(0, content.durable + random.nextInt(lost + 1)));
            }
        });
        return contents;
    }

    @Override
    public synchronized MailboxFile create(Path file) throws IOException {
        spend();
        if (names.containsKey(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Content content = new Content();
        names.put(file, content);
        return new OpenContent(content);
    }

    @Override
    public MailboxFile append(Path file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] read(Path file, long from, int count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        spend();
        Content content = names.remove(from);
        if (content == null) {
            throw new NoSuchFileException(from.toString());
        }
        names.put(to, content);
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        spend();
        names.remove(file);
    }

    @Override
    public long device(Path directory) {
        return 1;
    }

    @Override
    public Directory open(Path directory) {
        return new Directory() {
            @Override
            public void force() throws IOException {
                awaitRelease();
                forceNames(directory);
            }

            @Override
            public void forceFileSystem() throws IOException {
                awaitRelease();
                forceAll();
            }

            @Override
            public void close() {}
        };
    }

    private synchronized void forceNames(Path directory) throws IOException {
        countForce();
        durableNames.keySet().removeIf(name -> directory.equals(name.getParent()) && !names.containsKey(name));
        names.forEach((name, content) -> {
            if (directory.equals(name.getParent())) {
                durableNames.put(name, content);
            }
        });
    }

    private synchronized void forceAll() throws IOException {
        fileSystemForces++;
        countForce();
        durableNames.clear();
        durableNames.putAll(names);
        names.values().forEach(content -> content.durable = content.written.length());
    }

    private void countForce() throws IOException {
        forces++;
        spend();
        if (failing) {
            throw new IOException("Input/output error");
        }
    }

    private void spend() throws IOException {
        if (operationsLeft == 0) {
            throw new IOException("Input/output error");
        }
        operationsLeft--;
    }

    private final class OpenContent implements MailboxFile {

        private final Content content;

        OpenContent(Content content) {
            this.content = content;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            synchronized (ForgetfulDisk.this) {
                spend();
                content.written.append(Octets.text(bytes, offset, length));
                written++;
            }
        }

        @Override
        public void force() throws IOException {
            awaitRelease();
            synchronized (ForgetfulDisk.this) {
                countForce();
                content.durable = content.written.length();
            }
        }

        @Override
        public long size() {
            return content.written.length();
        }

        @Override
        public void truncate(long size) {
            content.written.setLength((int) size);
        }

        @Override
        public boolean tryLock() {
            return true;
        }

        @Override
        public boolean isAt(Path name) {
            return true;
        }

        @Override
        public void close() {}
    }
}
