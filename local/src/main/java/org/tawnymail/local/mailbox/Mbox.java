package org.tawnymail.local.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
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
 * line would hang on the last piece, and no reader would find the message.
 *
 * <p>A program that rewrites mailboxes may put another file in the place of the one whose lock was waited for
 * (maildir2mbox does). The message then goes to the new file. Safe for use by many threads.
 */
public final class Mbox {

    private static final int BUFFER = 8 * 1024;

    private static final String LOCKED = "File has been locked for 30 seconds straight. (#4.3.0)";

    /** How often the file may turn out to be another one when its lock is had. */
    private static final int REPLACED_TOO_OFTEN = 10;

    private static final byte[] NOTHING = {};

    private final MailboxDisk disk;
    private final MailboxFlush flush;
    private final MailboxLock lock;
    private final Consumer<String> log;

    /** @param log gets a line for each mbox that is written without a lock */
    public Mbox(MailboxDisk disk, MailboxFlush flush, Consumer<String> log) {
        this(disk, flush, MailboxLock.OF_DELIVERY, log);
    }

    Mbox(MailboxDisk disk, MailboxFlush flush, MailboxLock lock, Consumer<String> log) {
        this.disk = disk;
        this.flush = flush;
        this.lock = lock;
        this.log = log;
    }

    /** The same deliveries through another view of the disk: that of the user whose mailbox it is. */
    public Mbox on(MailboxDisk other) {
        return new Mbox(other, flush, lock, log);
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
        try (MailboxFlush.Watch watch = flush.watch(disk, parent)) {
            for (int tries = 1; tries <= REPLACED_TOO_OFTEN; tries++) {
                try (MailboxDisk.MailboxFile file = disk.append(path)) {
                    boolean locked = lock(file, name);
                    if (!locked || file.isAt(path)) {
                        append(file, locked, name, path, watch, head, message);
                        return;
                    }
                }
            }
            throw temporary(LOCKED);
        } catch (Complaint told) {
            throw told;
        } catch (IOException e) {
            throw temporary("Unable to open " + name + ": " + Errno.text(e) + ". (#4.2.1)");
        }
    }

    private void append(
            MailboxDisk.MailboxFile file,
            boolean locked,
            String name,
            Path path,
            MailboxFlush.Watch watch,
            byte[] head,
            MessageBytes message)
            throws IOException {
        long end = file.size();
        boolean durable = false;
        try {
            write(file, separator(path, end), head, message);
            watch.settle(() -> {
                file.force();
                forceName(path, end == 0);
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
        try {
            if (lock.await(file)) {
                return true;
            }
        } catch (InterruptedIOException stopped) {
            throw temporary("Unable to open " + name + ": " + Errno.EINTR.text() + ". (#4.2.1)");
        } catch (IOException e) {
            log.accept("warning: mbox " + name + " is written without a lock: " + Errno.text(e));
            return false;
        }
        throw temporary(LOCKED);
    }

    /** What is missing at the end of the file to the empty line that stands between messages. */
    private byte[] separator(Path path, long end) throws IOException {
        try {
            return MboxQuoting.missingEnd(end == 0 ? NOTHING : disk.read(path, Math.max(0, end - 2), 2));
        } catch (IOException e) {
            if (Errno.of(e).equals(Optional.of(Errno.EACCES))) {
                return NOTHING; // It may be written only.
            }
            throw e;
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

    /**
     * The name is forced each time: whoever made the file may have been killed before that. Where there was mail in it and its
     * directory may not be read, it is not.
     */
    private void forceName(Path path, boolean isNew) throws IOException {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IOException(Errno.EISDIR.text());
        }
        try (MailboxDisk.Directory directory = disk.open(parent)) {
            directory.force();
        } catch (IOException e) {
            if (isNew || !Errno.of(e).equals(Optional.of(Errno.EACCES))) {
                throw e;
            }
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
