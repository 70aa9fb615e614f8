package org.tawnymail.pickup.reader;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.local.mailbox.MailboxDisk;
import org.tawnymail.local.mailbox.MailboxLock;
import org.tawnymail.pickup.pop3.Maildrop;
import org.tawnymail.pickup.pop3.MaildropScan;

/**
 * {@code maildir2mbox}: moves all messages of the Maildir {@code MAILDIR} to the end of the mbox {@code MAIL}, by way of a new
 * mbox {@code MAILTMP} on the same file system.
 *
 * <p>The order of things makes that no crash loses a message: the mbox is locked; it and the messages are copied to the new
 * mbox; that is forced; it takes the place of the old one; its name is forced; and only then the messages are removed. Before
 * its name is durable nothing has changed; from then on messages that a crash left in the Maildir are moved once more at
 * worst.
 */
public final class Maildir2mbox implements Program {

    static final String NAME = "maildir2mbox";

    /** How often the mbox may turn out to be another file when its lock is had. */
    private static final int REPLACED_TOO_OFTEN = 10;

    private final MailboxDisk disk;
    private final MailboxLock lock;
    private final InstantSource clock;

    public Maildir2mbox(MailboxDisk disk, MailboxLock lock, InstantSource clock) {
        this.disk = disk;
        this.lock = lock;
        this.clock = clock;
    }

    /** A file as the person named it, and where it is. */
    record Named(String name, Path path) {}

    @Override
    public int run(Call call) throws IOException {
        String mail = variable(call, "MAIL");
        String temporary = variable(call, "MAILTMP");
        Path maildir = directory(call, variable(call, "MAILDIR"));
        MaildropScan.cleanTmp(maildir, clock.instant());
        Maildrop messages = scan(maildir);
        if (messages.last() > 0) {
            Named mbox = new Named(mail, resolve(maildir, mail, "unable to lock "));
            Named successor = new Named(temporary, resolve(maildir, temporary, "unable to write "));
            try (MailboxDisk.MailboxFile locked = lock(mbox)) {
                new Succession(disk, maildir, mbox, successor).put(messages, locked.size());
                remove(call, maildir, messages);
            }
        }
        return ExitCode.SUCCESS;
    }

    private static String variable(Call call, String name) throws Complaint {
        return call.environment().get(name).orElseThrow(() -> fatal(name + " not set"));
    }

    private static Path directory(Call call, String name) throws Complaint {
        String unable = "unable to chdir to " + name + ": ";
        try {
            Path directory = call.path(name);
            if (!FileStatus.of(directory).isDirectory()) {
                throw fatal(unable + Errno.ENOTDIR.text());
            }
            return directory;
        } catch (InvalidPathException unreachable) {
            throw fatal(unable + Errno.ENOENT.text());
        } catch (Complaint told) {
            throw told;
        } catch (IOException e) {
            throw fatal(unable + Errno.text(e));
        }
    }

    private static Path resolve(Path maildir, String name, String unable) throws Complaint {
        try {
            return maildir.resolve(Octets.path(name));
        } catch (InvalidPathException unreachable) {
            throw fatal(unable + name + ": " + Errno.ENOENT.text());
        }
    }

    private Maildrop scan(Path maildir) throws Complaint {
        try {
            return MaildropScan.list(maildir, clock.instant());
        } catch (IOException e) {
            throw fatal("unable to scan $MAILDIR: " + Errno.text(e));
        }
    }

    /**
     * Opens the mbox, creating it if there is none, and waits for its lock. Somebody else may have replaced the file while one
     * waited for the lock of the old one; then the new one is opened and waited for.
     *
     * @return the file, which gives the lock back when it is closed
     */
    private MailboxDisk.MailboxFile lock(Named mbox) throws Complaint {
        String unable = "unable to lock " + mbox.name() + ": ";
        try {
            for (int tries = 1; tries <= REPLACED_TOO_OFTEN; tries++) {
                MailboxDisk.MailboxFile file = disk.append(mbox.path());
                boolean isLocked = false;
                try {
                    if (!lock.await(file)) {
                        throw fatal(unable + Errno.ETIMEDOUT.text());
                    }
                    isLocked = file.isAt(mbox.path());
                    if (isLocked) {
                        return file;
                    }
                } finally {
                    if (!isLocked) {
                        file.close();
                    }
                }
            }
            throw fatal(unable + Errno.EBUSY.text());
        } catch (Complaint told) {
            throw told;
        } catch (IOException e) {
            throw fatal(unable + Errno.text(e));
        }
    }

    private void remove(Call call, Path maildir, Maildrop messages) {
        for (int number = 1; number <= messages.last(); number++) {
            Path message = messages.path(number);
            try {
                disk.delete(message);
            } catch (IOException e) {
                call.complain(NAME + ": warning: " + inMaildir(maildir, message)
                        + " will be delivered twice; unable to unlink: " + Errno.text(e));
            }
        }
    }

    /** How complaints name a message: {@code $MAILDIR/new/NAME}. */
    static String inMaildir(Path maildir, Path message) {
        return "$MAILDIR/" + Octets.fileName(maildir.relativize(message));
    }

    static Complaint fatal(String what) {
        return new Complaint(ExitCode.TEMPORARY, NAME + ": fatal: " + what);
    }
}
