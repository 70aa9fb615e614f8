package org.tawnymail.local.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/**
 * Delivers into Maildirs (core spec, sections 6.10 and 13.2): the file is written under {@code tmp}, made durable, given
 * its name under {@code new}, and that name made durable.
 *
 * <p>Both times the delivery waits for a flush that it shares with all others ({@link MailboxFlush}): a flush makes durable
 * the contents of the one and the names of the other. One flush after the renaming would not do. No file system promises
 * that the bytes of a new file reach the disk before its new name does (ext4 allocates blocks later than it commits the
 * name), and a message that a reader finds empty or torn after a loss of power is worse than a second flush, which costs
 * no throughput, only that each delivery takes part in two.
 *
 * <p>What a crash leaves, by the moment at which power is lost:
 *
 * <pre>
 *   before the first flush has ended    perhaps a file in tmp, perhaps torn; readers do not look there, and remove it
 *                                       after 36 hours
 *   between the two                     the whole message in tmp or in new; the queue still has it, and delivers it
 *                                       once more: a duplicate at worst
 *   after the second                    the whole message in new; only now it is reported
 * </pre>
 *
 * <p>The end of the process alone (kill -9) loses no write, so a name under {@code new} always stands for a whole message.
 *
 * <p>A Maildir that is missing, full or not writable defers the mail, and never makes it bounce. Safe for use by many
 * threads.
 */
public final class Maildir {

    static final String CHDIR = "Unable to chdir to maildir. (#4.2.1)";
    private static final String TIMEOUT = "Timeout on maildir delivery. (#4.3.0)";
    private static final String UNREADABLE = "Unable to read message. (#4.3.0)";
    private static final String TROUBLE = "Temporary error on maildir delivery. (#4.3.0)";

    /** How often another name is tried if a file of that name is there. */
    private static final int NAMES_TRIED = 3;

    /** What is written at a time of a message that is not kept whole. */
    private static final int BUFFER = 32 * 1024;

    private final MailboxDisk disk;
    private final MailboxFlush flush;
    private final MaildirNames names;
    private final Consumer<String> log;

    /** @param log gets a line for each delivery that failed, with the reason that the report does not tell */
    public Maildir(MailboxDisk disk, MailboxFlush flush, MaildirNames names, Consumer<String> log) {
        this.disk = disk;
        this.flush = flush;
        this.names = names;
        this.log = log;
    }

    /** The same deliveries through another view of the disk: that of the user whose mailbox it is. */
    public Maildir on(MailboxDisk other) {
        return new Maildir(other, flush, names, log);
    }

    /**
     * Delivers one message; when it returns, the message is durable in {@code new}.
     *
     * @param maildir the absolute path
     * @param head the lines to put in front
     * @throws Complaint with exit code 111
     */
    public void deliver(Path maildir, byte[] head, MessageBytes message) throws Complaint {
        Path tmp = maildir.resolve("tmp");
        try (MailboxFlush.Watch watch = watch(maildir, tmp)) {
            String name = create(tmp, watch, head, message);
            Path delivered = maildir.resolve("new").resolve(name);
            boolean durable = false;
            try {
                disk.rename(tmp.resolve(name), delivered);
                watch.settle(() -> forceDirectory(delivered));
                durable = true;
            } finally {
                if (!durable) {
                    discard(tmp.resolve(name));
                    discard(delivered);
                }
            }
        } catch (Complaint told) {
            throw told;
        } catch (IOException e) {
            throw explain(maildir, e, Errno.of(e).equals(Optional.of(Errno.ETIMEDOUT)) ? TIMEOUT : TROUBLE);
        }
    }

    private MailboxFlush.Watch watch(Path maildir, Path tmp) throws Complaint {
        try {
            return flush.watch(disk, tmp);
        } catch (IOException e) {
            boolean temporary = Errno.isTemporary(e);
            boolean hasNoTmp = Errno.of(e).equals(Optional.of(Errno.ENOENT)) && isDirectory(maildir);
            throw explain(maildir, e, temporary || hasNoTmp ? TROUBLE : CHDIR);
        }
    }

    private boolean isDirectory(Path maildir) {
        try (MailboxDisk.Directory opened = disk.open(maildir)) {
            return opened != null;
        } catch (IOException e) {
            return Errno.of(e).equals(Optional.of(Errno.EACCES));
        }
    }

    /** Writes the file under {@code tmp}, durably, and returns its name; leaves nothing there if that fails. */
    private String create(Path tmp, MailboxFlush.Watch watch, byte[] head, MessageBytes message) throws IOException {
        for (int tries = 1; ; tries++) {
            String name = names.next();
            Path path = tmp.resolve(name);
            try (MailboxDisk.MailboxFile file = disk.create(path)) {
                boolean durable = false;
                try {
                    write(file, head, message);
                    watch.settle(file::force);
                    durable = true;
                } finally {
                    if (!durable) {
                        discard(path);
                    }
                }
                return name;
            } catch (FileAlreadyExistsException taken) {
                if (tries == NAMES_TRIED) {
                    throw taken;
                }
            }
        }
    }

    private static void write(MailboxDisk.MailboxFile file, byte[] head, MessageBytes message) throws IOException {
        int kept = message.keptLength();
        byte[] first = new byte[head.length + kept];
        System.arraycopy(head, 0, first, 0, head.length);
        System.arraycopy(message.kept(), 0, first, head.length, kept);
        file.write(first, 0, first.length);
        if (!message.isWhole()) {
            writeRest(file, message);
        }
    }

    private static void writeRest(MailboxDisk.MailboxFile file, MessageBytes message) throws IOException {
        byte[] buffer = new byte[BUFFER];
        InputStream rest;
        try {
            rest = message.read();
            rest.skipNBytes(message.keptLength());
        } catch (IOException e) {
            throw temporary(UNREADABLE);
        }
        int read = read(rest, buffer);
        while (read >= 0) {
            file.write(buffer, 0, read);
            read = read(rest, buffer);
        }
    }

    private static int read(InputStream in, byte[] buffer) throws Complaint {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw temporary(UNREADABLE);
        }
    }

    private void forceDirectory(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IOException(Errno.ENOENT.text());
        }
        try (MailboxDisk.Directory directory = disk.open(parent)) {
            directory.force();
        }
    }

    private void discard(Path file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            log.accept("warning: unable to remove " + file + ": " + Errno.text(e));
        }
    }

    private Complaint explain(Path maildir, IOException why, String report) {
        log.accept("warning: no delivery to maildir " + maildir + ": " + Errno.text(why));
        return temporary(report);
    }

    private static Complaint temporary(String text) {
        return new Complaint(ExitCode.TEMPORARY, text);
    }
}
