package org.tawnymail.local.mailbox;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/** Deliveries into both kinds of mailboxes, as whoever owns them. Safe for use by many threads. */
public final class Mailboxes {

    private final MailboxDisk disk;
    private final Maildir maildir;
    private final Mbox mbox;

    /**
     * @param hostName what gethostname says
     * @param log gets a line for each thing that a report does not tell
     */
    public Mailboxes(MailboxDisk disk, MailboxFlush flush, InstantSource clock, String hostName, Consumer<String> log) {
        MaildirNames names = new MaildirNames(clock, ProcessHandle.current().pid(), hostName);
        PrintableLog printable = new PrintableLog(log);
        this.disk = disk;
        this.maildir = new Maildir(disk, flush, names, printable);
        this.mbox = new Mbox(disk, flush, printable);
    }

    /**
     * Delivers into a Maildir.
     *
     * @param name its name, relative to the home directory
     * @param head the lines to put in front of the message
     * @param user who to access it as, if that is not this process
     * @throws Complaint with exit code 111
     */
    public void maildir(Path home, String name, String head, MessageBytes message, Optional<Identity> user)
            throws Complaint {
        Path path;
        try {
            path = home.resolve(Octets.path(name));
        } catch (InvalidPathException unreachable) {
            throw new Complaint(ExitCode.TEMPORARY, Maildir.CHDIR);
        }
        Maildir seen = user.isPresent() ? maildir.on(new DiskOfUser(disk, user.get())) : maildir;
        seen.deliver(path, Octets.of(head), message);
    }

    /** Appends to an mbox; the parameters are those of {@link #maildir}. */
    public void mbox(Path home, String name, String head, MessageBytes message, Optional<Identity> user)
            throws Complaint {
        Path path;
        try {
            path = home.resolve(Octets.path(name));
        } catch (InvalidPathException unreachable) {
            throw new Complaint(
                    ExitCode.TEMPORARY, "Unable to open " + name + ": " + Errno.ENOENT.text() + ". (#4.2.1)");
        }
        Mbox seen = user.isPresent() ? mbox.on(new DiskOfUser(disk, user.get())) : mbox;
        seen.deliver(name, path, Octets.of(head), message);
    }
}
