package org.tawnymail.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.posix.Account;
import org.tawnymail.base.posix.Accounts;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.posix.SystemError;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/**
 * Decides as whom the server runs and makes it so, before it touches mail. An ordinary user stays who they are. Root
 * becomes, for good and in all threads: the account of {@code --user}; else the owner of the home; else the owner of the
 * folder that the home is made in; else {@code nobody}.
 */
final class ServerIdentity {

    private static final String LAST_RESORT = "nobody";
    private static final int SEARCHABLE_BY_OWNER = 0100;
    private static final int SEARCHABLE_BY_GROUP = 0010;
    private static final int SEARCHABLE_BY_OTHERS = 0001;

    private final Account account;
    private final Path home;

    private ServerIdentity(Account account, Path home) {
        this.account = account;
        this.home = home;
    }

    /** Who it is from now on; never uid 0. */
    Account account() {
        return account;
    }

    /** The home: the one of the options, unless that one was nobody's choice and cannot be reached. */
    Path home() {
        return home;
    }

    /**
     * Makes the home directory if there is none, gives it to the account and becomes the account.
     *
     * @throws Complaint if the home belongs to another, or cannot be reached or made
     */
    static ServerIdentity assume(ServeOptions options) throws IOException {
        boolean root = ThisProcess.effectiveUid() == 0;
        Account account = root ? accountFor(options) : ownAccount(options);
        Path home = options.home();
        if (root && !options.homeGiven() && !canReach(account, home)) {
            home = Path.of("/var/tmp/tawny-" + account.name());
        }
        if (root && !canReach(account, home)) {
            throw new Complaint(
                    ExitCode.PERMANENT,
                    "tawny: fatal: user " + account.name() + " cannot reach " + home
                            + " (a folder above it is closed); choose another place with --home or user with --user");
        }
        makeAndGive(home, account, root);
        if (!home.equals(options.home()) && !Files.exists(options.home(), LinkOption.NOFOLLOW_LINKS)) {
            // So that the programs of bin/, which look there, find it too.
            Files.createSymbolicLink(options.home(), home);
        }
        refuseForeignOwner(home, account);
        if (root) {
            ThisProcess.become(new Identity(account.uid(), account.gid(), List.of(account.gid())));
        }
        return new ServerIdentity(account, home);
    }

    private static Account ownAccount(ServeOptions options) throws IOException {
        if (options.user().isPresent()) {
            throw new Complaint(
                    ExitCode.PERMANENT,
                    "tawny: fatal: only root can become user " + options.user().get() + "; leave --user out");
        }
        int uid = ThisProcess.effectiveUid();
        Optional<Account> known = Accounts.byUid(uid);
        // Containers run under ids that no passwd file knows.
        return known.orElseGet(() -> new Account("u" + uid, uid, ThisProcess.effectiveGid(), "/", "/bin/sh", "*"));
    }

    private static Account accountFor(ServeOptions options) throws IOException {
        if (options.user().isPresent()) {
            String name = options.user().get();
            Account account = Accounts.byName(name)
                    .orElseThrow(() -> new Complaint(ExitCode.PERMANENT, "tawny: fatal: there is no user " + name));
            if (account.uid() == 0) {
                throw new Complaint(
                        ExitCode.PERMANENT, "tawny: fatal: mail is never handled as root; name another --user");
            }
            return account;
        }
        for (Path place = options.home(); place != null; place = place.getParent()) {
            if (Files.exists(place)) {
                int owner = FileStatus.of(place).uid();
                if (owner != 0 && Accounts.byUid(owner).isPresent()) {
                    return Accounts.byUid(owner).orElseThrow();
                }
                if (!place.equals(options.home())) {
                    break;
                }
            }
        }
        return Accounts.byName(LAST_RESORT)
                .orElseThrow(() -> new Complaint(
                        ExitCode.PERMANENT,
                        "tawny: fatal: mail is never handled as root, and there is no user " + LAST_RESORT
                                + "; name one with --user"));
    }

    private static boolean canReach(Account account, Path home) throws IOException {
        for (Path above = home.getParent(); above != null; above = above.getParent()) {
            if (Files.exists(above)) {
                FileStatus status = FileStatus.of(above);
                int needed = status.uid() == account.uid()
                        ? SEARCHABLE_BY_OWNER
                        : status.gid() == account.gid() ? SEARCHABLE_BY_GROUP : SEARCHABLE_BY_OTHERS;
                if (!status.hasAny(needed)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void makeAndGive(Path home, Account account, boolean root) throws IOException {
        try {
            if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(home);
            }
            boolean mayGive = root && FileStatus.of(home).uid() == 0 && isEmpty(home);
            if (mayGive) {
                Files.setAttribute(home, "unix:uid", account.uid());
                Files.setAttribute(home, "unix:gid", account.gid());
            }
        } catch (SystemError e) {
            throw e;
        } catch (IOException e) {
            throw new Complaint(
                    ExitCode.PERMANENT,
                    "tawny: fatal: unable to make the home " + home + ": " + Errno.text(e)
                            + "; choose another with --home");
        }
    }

    private static void refuseForeignOwner(Path home, Account account) throws IOException {
        int owner = FileStatus.of(home).uid();
        if (owner != account.uid()) {
            String name = Accounts.byUid(owner).map(Account::name).orElse("uid " + owner);
            throw new Complaint(
                    ExitCode.PERMANENT,
                    "tawny: fatal: " + home + " belongs to " + name + ", not to " + account.name()
                            + "; run as its owner, or choose another with --home");
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        }
    }
}
