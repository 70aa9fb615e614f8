package org.tawnymail.local.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/**
 * Appends to mbox files (core spec, sections 6.9 and 13.3), under the lock that other mail programs respect, with {@code
 * From } lines quoted so that they can be unquoted.
 *
 * <p>The lock is held until the message is durable: if that fails, the file is cut back to what it was, which only the
 * holder of the lock may do. A loss of power before that leaves at worst pieces of a message at the end of the file, and the
 * queue delivers it once more. What is appended then begins on a line of its own behind an empty line: else its {@code From }
 * line would hang on the last piece, and no reader would find the message. Safe for use by many threads.
 */
public final class Mbox {

    private static final Duration LONGEST_LOCK = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);
    private static final int BUFFER = 8 * 1024;
    private static final byte[] EMPTY_LINE = {'\n', '\n'};

    private final MailboxDisk disk;
    private final MailboxFlush flush;
    private final Duration longestLock;
    private final Consumer<String> log;

    /** @param log gets a line for each mbox that is written without a lock */
    public Mbox(MailboxDisk disk, MailboxFlush flush, Consumer<String> log) {
        this(disk, flush, LONGEST_LOCK, log);
    }

    Mbox(MailboxDisk disk, MailboxFlush flush, Duration longestLock, Consumer<String> log) {
        this.disk = disk;
        this.flush = flush;
        this.longestLock = longestLock;
        this.log = log;
    }

    /** The same deliveries through another view of the disk: that of the user whose mailbox it is. */
    public Mbox on(MailboxDisk other) {
        return new Mbox(other, flush, longestLock, log);
    }

    /**
     * Appends one message; when it returns, the message is durable.
     *
     * @param name the file's name as reports give it
     * @param path its absolute path
     * @param head the lines to put in front, a {@code From } line first
     * @throws Complaint with exit code 111
     */
    public void deliver(String name, Path path, byte[] head, MessageBytes message) throws Complaint {
        Path parent = path.getParent();
        if (parent == null) {
            throw temporary("Unable to open " + name + ": " + Errno.EISDIR.text() + ". (#4.2.1)");
        }
        try (MailboxFlush.Watch watch = flush.watch(disk, parent);
                MailboxDisk.MailboxFile file = disk.append(path)) {
            append(file, name, path, watch, head, message);
        } catch (Complaint told) {
            throw told;
        } catch (IOException e) {
            throw temporary("Unable to open " + name + ": " + Errno.text(e) + ". (#4.2.1)");
        }
    }

    private void append(
            MailboxDisk.MailboxFile file,
            String name,
            Path path,
            MailboxFlush.Watch watch,
            byte[] head,
            MessageBytes message)
            throws IOException {
        boolean locked = lock(file, name);
        long end = file.size();
        boolean durable = false;
        try {
            write(file, separator(path, end), head, message);
            watch.settle(() -> {
                file.force();
                if (end == 0) {
                    forceName(path);
                }
            });
            durable = true;
        } catch (Complaint told) {
            throw told;
        } catch (IOException e) {
            throw temporary("Unable to write " + name + ": " + Errno.text(e) + ". (#4.3.0)");
        } finally {
            if (!durable && locked) {
                cutBack(file, name, end);
            }
        }
    }

    /** Waits for the lock. Where a file system knows no locks, mail is delivered all the same. */
    private boolean lock(MailboxDisk.MailboxFile file, String name) throws Complaint {
        long start = System.nanoTime();
        Duration pause = FIRST_PAUSE;
        try {
            while (!file.tryLock()) {
                if (System.nanoTime() - start > longestLock.toNanos()) {
                    throw temporary("File has been locked for 30 seconds straight. (#4.3.0)");
                }
                Thread.sleep(pause);
                pause = pause.multipliedBy(2);
                if (pause.compareTo(LONGEST_PAUSE) > 0) {
                    pause = LONGEST_PAUSE;
                }
            }
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw temporary("Unable to open " + name + ": " + Errno.EINTR.text() + ". (#4.2.1)");
        } catch (Complaint told) {
            throw told;
        } catch (IOException e) {
            log.accept("warning: mbox " + name + " is written without a lock: " + Errno.text(e));
            return false;
        }
    }

    /** What is missing at the end of the file to the empty line that stands between messages. */
    private byte[] separator(Path path, long end) {
        try {
            byte[] last = end == 0 ? EMPTY_LINE : disk.read(path, Math.max(0, end - 2), 2);
            boolean lineEnds = last.length > 0 && last[last.length - 1] == '\n';
            boolean emptyLine = lineEnds && last.length == 2 && last[0] == '\n';
            return Arrays.copyOf(EMPTY_LINE, emptyLine ? 0 : lineEnds ? 1 : 2);
        } catch (IOException mayBeWrittenOnly) {
            return new byte[0];
        }
    }

    private static void write(MailboxDisk.MailboxFile file, byte[] separator, byte[] head, MessageBytes message)
            throws IOException {
        MboxQuoting out = new MboxQuoting(file);
        out.raw(separator);
        out.raw(head);
        byte[] buffer = new byte[BUFFER];
        InputStream in = message.read();
        int read = read(in, buffer);
        while (read >= 0) {
            out.message(buffer, read);
            read = read(in, buffer);
        }
        out.end();
    }

    private static int read(InputStream in, byte[] buffer) throws Complaint {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw temporary("Unable to read message: " + Errno.text(e) + ". (#4.3.0)");
        }
    }

    private void forceName(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IOException(Errno.EISDIR.text());
        }
        try (MailboxDisk.Directory directory = disk.open(parent)) {
            directory.force();
        }
    }

    private void cutBack(MailboxDisk.MailboxFile file, String name, long end) {
        try {
            file.truncate(end);
        } catch (IOException e) {
            log.accept("warning: part of a message may stand at the end of mbox " + name + ": " + Errno.text(e));
        }
    }

    private static Complaint temporary(String text) {
        return new Complaint(ExitCode.TEMPORARY, text);
    }
}
