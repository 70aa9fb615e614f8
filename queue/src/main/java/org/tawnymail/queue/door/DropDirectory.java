package org.tawnymail.queue.door;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.tawnymail.queue.QueueExit;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.DiskFile;
import org.tawnymail.queue.disk.FileOutput;

/**
 * Where mail waits while the queue has no owner: a file for each submission, in the {@linkplain SubmissionFormat format} of
 * the socket. It is written under a name that begins with a dot, forced, renamed, and its new name forced; then it is
 * durable. The owner takes it in with {@link DropIntake}.
 *
 * <p>The directory may be one that everybody can write to and nobody can list (01733). Then names are what keeps mail private:
 * 16 random bytes.
 */
public final class DropDirectory implements QueuePort {

    /** How the names of unfinished ones begin. */
    public static final String UNFINISHED = ".";

    private static final int NAME_BYTES = 16;
    private static final int BUFFER = 8 << 10;

    /** No file could be made for the submission. */
    static final class NotDropped extends IOException {
        NotDropped(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private final Disk disk;
    private final Path queue;
    private final Supplier<RandomGenerator> random;

    /**
     * @param queue the queue directory
     * @param random for the names of files; asked for at the first one, because a good source takes time to start
     */
    public DropDirectory(Disk disk, Path queue, Supplier<RandomGenerator> random) {
        this.disk = disk;
        this.queue = queue;
        this.random = random;
    }

    /** The directory of a queue. */
    public static Path in(Path queue) {
        return queue.resolve("drop");
    }

    /** Where the owner of the queue has them while it takes them in. */
    public static Path intake(Path queue) {
        return queue.resolve("intake");
    }

    /**
     * How many submissions wait.
     *
     * @throws IOException if the caller may not see them
     */
    public static int waiting(Disk disk, Path queue) throws IOException {
        int count = 0;
        for (Path directory : List.of(in(queue), intake(queue))) {
            try {
                for (String name : disk.list(directory)) {
                    count += name.startsWith(UNFINISHED) ? 0 : 1;
                }
            } catch (NoSuchFileException none) {
                // Nobody has dropped anything yet.
            }
        }
        return count;
    }

    /**
     * Reads one of the files.
     *
     * @throws IOException if it is no submission, or cannot be read to its end: the submission was not committed
     */
    public static QueueResult read(InputStream in, Submission into) throws IOException {
        return SubmissionFormat.transfer(in, into);
    }

    @Override
    public Submission begin(Origin origin) {
        return new WireSubmission(this::open);
    }

    Wire open() throws IOException {
        byte[] bytes = new byte[NAME_BYTES];
        random.get().nextBytes(bytes);
        String name = HexFormat.of().formatHex(bytes);
        try {
            return new DroppedFile(
                    in(queue).resolve(UNFINISHED + name), in(queue).resolve(name));
        } catch (IOException e) {
            throw new NotDropped(e);
        }
    }

    private final class DroppedFile implements Wire {

        private final Path unfinished;
        private final Path finished;
        private final DiskFile file;
        private final OutputStream out;
        private boolean complete;

        DroppedFile(Path unfinished, Path finished) throws IOException {
            this.unfinished = unfinished;
            this.finished = finished;
            this.file = disk.createNew(unfinished);
            this.out = new BufferedOutputStream(new FileOutput(file, false), BUFFER);
        }

        @Override
        public OutputStream out() {
            return out;
        }

        @Override
        public QueueResult finish() throws IOException {
            out.flush();
            file.force();
            disk.rename(unfinished, finished);
            complete = true;
            forceName();
            return new QueueResult.Accepted(ProcessHandle.current().pid());
        }

        @Override
        public String trouble() {
            return QueueExit.WRITE_ERROR;
        }

        /** A directory that cannot be read cannot be forced either: then the whole file system is. */
        private void forceName() throws IOException {
            try {
                disk.forceDirectory(in(queue));
            } catch (AccessDeniedException notListable) {
                Path home = queue.getParent();
                disk.forceFileSystem(home == null ? queue : home);
            }
        }

        @Override
        public void close() {
            try {
                file.close();
                if (!complete) {
                    disk.delete(unfinished);
                }
            } catch (IOException e) {
                // It stays as an unfinished file, which the owner removes when it is old.
            }
        }
    }
}
