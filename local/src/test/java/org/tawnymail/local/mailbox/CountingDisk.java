package org.tawnymail.local.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A real disk on which tests see what happens to mailboxes, and can make it fail. */
class CountingDisk implements MailboxDisk {

    private final MailboxDisk below;
    private final AtomicInteger lockAttempts = new AtomicInteger();
    private final List<String> forced = Collections.synchronizedList(new ArrayList<>());

    CountingDisk(MailboxDisk below) {
        this.below = below;
    }

    void beforeLock() throws IOException {}

    void beforeWrite() throws IOException {}

    void beforeRead() throws IOException {}

    /** What was forced, in order: names of files and directories. */
    List<String> forced() {
        return List.copyOf(forced);
    }

    void awaitLockAttempts(int count) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (lockAttempts.get() < count) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Override
    public MailboxFile create(Path file) throws IOException {
        return counted(below.create(file), file);
    }

    @Override
    public MailboxFile append(Path file) throws IOException {
        return counted(below.append(file), file);
    }

    private MailboxFile counted(MailboxFile opened, Path path) {
        return new MailboxFile() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                beforeWrite();
                opened.write(bytes, offset, length);
            }

            @Override
            public void force() throws IOException {
                opened.force();
                forced.add(String.valueOf(path.getFileName()));
            }

            @Override
            public long size() throws IOException {
                return opened.size();
            }

            @Override
            public void truncate(long size) throws IOException {
                opened.truncate(size);
            }

            @Override
            public boolean tryLock() throws IOException {
                beforeLock();
                boolean locked = opened.tryLock();
                lockAttempts.incrementAndGet();
                return locked;
            }

            @Override
            public boolean isAt(Path name) throws IOException {
                return opened.isAt(name);
            }

            @Override
            public void close() throws IOException {
                opened.close();
            }
        };
    }

    @Override
    public byte[] read(Path file, long from, int count) throws IOException {
        beforeRead();
        return below.read(file, from, count);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        below.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        below.delete(file);
    }

    @Override
    public long device(Path directory) throws IOException {
        return below.device(directory);
    }

    @Override
    public Directory open(Path directory) throws IOException {
        Directory opened = below.open(directory);
        return new Directory() {
            @Override
            public void force() throws IOException {
                opened.force();
                forced.add(String.valueOf(directory.getFileName()));
            }

            @Override
            public void forceFileSystem() throws IOException {
                opened.forceFileSystem();
            }

            @Override
            public void close() throws IOException {
                opened.close();
            }
        };
    }
}
