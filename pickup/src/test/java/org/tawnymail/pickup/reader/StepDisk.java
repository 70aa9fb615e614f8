package org.tawnymail.pickup.reader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tawnymail.local.mailbox.MailboxDisk;
import org.tawnymail.local.mailbox.SystemDisk;

/** A real disk that notes the steps which change it, and on which one of them fails: as if the machine had died there. */
class StepDisk implements MailboxDisk {

    final List<String> steps = new ArrayList<>();
    private final MailboxDisk below = new SystemDisk();
    private final int failing;

    StepDisk(int failing) {
        this.failing = failing;
    }

    private void step(String what) throws IOException {
        if (steps.size() >= failing) {
            throw new IOException("Input/output error");
        }
        steps.add(what);
    }

    @Override
    public MailboxFile create(Path file) throws IOException {
        step("create " + file.getFileName());
        return new SteppedFile(below.create(file), file);
    }

    @Override
    public MailboxFile append(Path file) throws IOException {
        return new SteppedFile(below.append(file), file);
    }

    @Override
    public byte[] read(Path file, long from, int count) throws IOException {
        return below.read(file, from, count);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step("rename " + from.getFileName() + " " + to.getFileName());
        below.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        step("delete " + file.getFileName());
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
                step("force directory");
                opened.force();
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

    private final class SteppedFile implements MailboxFile {

        private final MailboxFile file;
        private final Path path;

        SteppedFile(MailboxFile file, Path path) {
            this.file = file;
            this.path = path;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            step("write " + path.getFileName());
            file.write(bytes, offset, length);
        }

        @Override
        public void force() throws IOException {
            step("force " + path.getFileName());
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
}
