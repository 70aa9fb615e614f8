package org.tawnymail.assembly.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.pickup.login.MailboxAccounts;

/** Looks at the files in {@code users}: the assignments of addresses, and the accounts that read their mail. */
final class UsersCheck {

    private static final String MAKE_CDB = "run bin/qmail-newu";
    private static final String MEND_LINE = "mend the line and run bin/qmail-newu";

    /** What follows the name in a line: user, uid, gid, home, dash, extension, and what comes after the last colon. */
    private static final int FIELDS = 8;

    private static final int UID = 2;
    private static final int GID = 3;
    private static final int DIRECTORY = 4;

    /** Larger files are not looked at: qmail-newu does not take them either. */
    private static final long LARGEST_FILE = 64L << 20;

    private final Home home;
    private final Findings findings;
    private final Set<Path> homes = new LinkedHashSet<>();
    private boolean everybodyIsAssigned;

    UsersCheck(Home home, Findings findings) {
        this.home = home;
        this.findings = findings;
    }

    void run() {
        assign();
        mailboxes();
    }

    /** The home directories of assigned users. */
    Set<Path> homes() {
        return homes;
    }

    /** Whether the accounts of the system are never asked, because every address is assigned. */
    boolean isEverybodyAssigned() {
        return everybodyIsAssigned;
    }

    private void assign() {
        Path file = home.users().resolve("assign");
        Path database = home.users().resolve("cdb");
        Databases.check(database, MAKE_CDB, findings);
        Databases.checkAge(file, database, MAKE_CDB, findings);
        List<String> lines = lines(file);
        if (lines.isEmpty()) {
            return;
        }
        Set<String> names = new HashSet<>();
        Set<String> looked = new HashSet<>();
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.startsWith(".")) {
                return;
            }
            assignment(file, "line " + number, line, names, looked);
        }
        findings.error(file, "does not end with a line that is a dot", "add the line and run bin/qmail-newu");
    }

    private void assignment(Path file, String where, String line, Set<String> names, Set<String> looked) {
        String[] field = line.split(":", FIELDS);
        if (field.length < FIELDS || field[0].isEmpty() || line.indexOf('\0') >= 0) {
            findings.error(
                    file,
                    "has a malformed " + where + ": \"" + line + "\"",
                    "each line must be =address:user:uid:gid:home:dash:ext:");
            return;
        }
        boolean prefix = field[0].charAt(0) == '+';
        everybodyIsAssigned |= field[0].equals("+");
        if (!names.add(Octets.lowerCase(prefix ? field[0] : "=" + field[0].substring(1)))) {
            findings.warning(file, "assigns " + field[0] + " again in " + where, "only the first counts: remove it");
        }
        char last = field[0].charAt(field[0].length() - 1);
        if (prefix && last >= 'A' && last <= 'Z') {
            findings.error(
                    file,
                    "has " + field[0] + " in " + where + ", which never matches: it ends with a capital",
                    MEND_LINE);
        }
        if (!isNumber(field[UID]) || !isNumber(field[GID])) {
            findings.error(file, "has no numbers for uid and gid in " + where, MEND_LINE);
        } else if (Long.parseLong(field[UID]) == 0) {
            findings.error(file, "assigns " + field[0] + " to uid 0 in " + where + ": its mail waits", MEND_LINE);
        } else if (looked.add(field[UID] + ":" + field[DIRECTORY])) {
            directory(file, where, field[DIRECTORY], Long.parseLong(field[UID]));
        }
    }

    private void directory(Path file, String where, String name, long uid) {
        try {
            Path directory = Octets.path(name);
            if (!directory.isAbsolute()) {
                findings.error(
                        file, "has the home \"" + name + "\" in " + where + ", which is no whole path", MEND_LINE);
                return;
            }
            homes.add(directory);
            int owner = FileStatus.of(directory).uid();
            if (owner != (int) uid) {
                findings.warning(
                        file,
                        "gives uid " + uid + " the home " + name + " in " + where + ", which belongs to uid "
                                + Integer.toUnsignedString(owner),
                        "give it to the user, or mend the line and run bin/qmail-newu");
            }
        } catch (NoSuchFileException absent) {
            findings.error(file, "has the home " + name + " in " + where + ", which does not exist", "make it");
        } catch (InvalidPathException unreachable) {
            findings.error(file, "has a home in " + where + " that cannot be a file name", MEND_LINE);
        } catch (IOException unreadable) {
            findings.warning(
                    file, "has the home " + name + " in " + where + ": " + Errno.text(unreadable), "run this as root");
        }
    }

    private void mailboxes() {
        Path file = home.users().resolve(MailboxAccounts.FILE);
        Set<String> logins = new HashSet<>();
        List<String> lines = lines(file);
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] field = line.split(":", -1);
            if (field.length < 3 || field[0].indexOf('@') <= 0) {
                findings.error(
                        file, "has a malformed line " + number, "each line must be name@domain:password:directory");
                continue;
            }
            if (!logins.add(Octets.lowerCase(field[0]))) {
                findings.warning(file, "has " + field[0] + " twice", "only the first line counts: remove the other");
            }
            mailbox(file, field[0], field[2]);
        }
        if (!lines.isEmpty()) {
            openToOthers(file);
        }
    }

    private void mailbox(Path file, String login, String name) {
        try {
            Path directory = home.path().resolve(Octets.path(name));
            if (!Files.isDirectory(directory)) {
                findings.error(
                        file, "gives " + login + " the mailbox " + directory + ", which does not exist", "make it");
            } else if (Files.isReadable(directory) && !Files.isDirectory(directory.resolve("Maildir/new"))) {
                findings.error(
                        file,
                        "gives " + login + " the mailbox " + directory + ", which has no Maildir",
                        "make it with bin/maildirmake");
            }
        } catch (InvalidPathException unreachable) {
            findings.error(file, "gives " + login + " a mailbox that cannot be a file name", "mend the line");
        }
    }

    private void openToOthers(Path file) {
        try {
            if (FileStatus.of(file).hasAny(0006)) {
                findings.error(file, "may be read by everybody, password hashes included", "chmod 600 it");
            }
        } catch (IOException unreadable) {
            findings.warning(file, "cannot be looked at: " + Errno.text(unreadable), "run this as root");
        }
    }

    private List<String> lines(Path file) {
        try {
            if (!Files.exists(file)) {
                return List.of();
            }
            if (Files.size(file) > LARGEST_FILE) {
                findings.error(file, "is larger than 64 MB", "make it smaller: nothing reads it");
                return List.of();
            }
            return Octets.text(Files.readAllBytes(file)).lines().toList();
        } catch (IOException unreadable) {
            findings.error(file, "cannot be read: " + Errno.text(unreadable), "make it a file that this user may read");
            return List.of();
        }
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
