package org.tawnymail.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Accounts;
import org.tawnymail.base.program.Commands;
import org.tawnymail.local.delivery.UserDelivery;
import org.tawnymail.local.mailbox.MailboxFlush;
import org.tawnymail.local.mailbox.Mailboxes;
import org.tawnymail.local.mailbox.SystemDisk;
import org.tawnymail.local.users.PasswdLookup;
import org.tawnymail.local.users.UserLookup;
import org.tawnymail.local.users.UsersDatabase;
import org.tawnymail.queue.QueueClient;

/**
 * What local deliveries share in one process: the look-up of users, and mailboxes whose disk flushes are shared.
 *
 * @param accounts the passwd part of the look-up
 * @param users the whole look-up
 * @param deliveries carries out {@code .qmail} files
 */
record LocalParts(PasswdLookup accounts, UserLookup users, UserDelivery deliveries) {

    /** The kernel's name for this host: no DNS, no fork. */
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    static LocalParts make(Home home, Commands commands, QueueClient queue, InstantSource clock, Consumer<String> log) {
        PasswdLookup accounts = new PasswdLookup(Accounts::byName);
        UserLookup users = new UserLookup(new UsersDatabase(home), accounts);
        Mailboxes mailboxes = new Mailboxes(new SystemDisk(), new MailboxFlush(), clock, hostName(), log);
        return new LocalParts(accounts, users, new UserDelivery(commands, queue, mailboxes, clock));
    }

    private static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException elsewhere) {
            // Only a part of unique file names; the others are unique enough on one machine.
            return "localhost";
        }
    }
}
