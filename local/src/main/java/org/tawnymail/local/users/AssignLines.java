package org.tawnymail.local.users;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.program.Complaint;

/** Writes the assignments of accounts, then those of their subusers, then what is appended (core spec, section 5.7). */
final class AssignLines {

    private static final String ALIAS = "alias";
    private static final long LARGEST_UID = 0xffffffffL;

    /** The parts of a line of passwd(5) that count here, and how many colons must follow them. */
    private static final int NAME = 0;

    private static final int UID = 2;
    private static final int GID = 3;
    private static final int HOME = 5;

    /** An account that gets mail. */
    private record User(String name, String uid, String gid, String home) {

        String fields() {
            return name + ":" + uid + ":" + gid + ":" + home + ":";
        }
    }

    private final PasswdOptions options;
    private final UserFiles files;
    private final QmailPw2u.Output out;
    private final Map<String, User> byName = new HashMap<>();

    AssignLines(PasswdOptions options, UserFiles files, QmailPw2u.Output out) {
        this.options = options;
        this.files = files;
        this.out = out;
    }

    /** One line of the passwd file, without its end. */
    void passwd(String line) throws Complaint {
        String[] fields = line.split(":", -1);
        if (fields.length <= HOME + 1 || line.indexOf('\0') >= 0) {
            return;
        }
        User user = new User(fields[NAME], fields[UID], fields[GID], fields[HOME]);
        if (isWanted(user)) {
            byName.putIfAbsent(Octets.lowerCase(user.name), user);
            print(user);
        }
    }

    /** Everything that follows the accounts. */
    void end() throws Complaint {
        if (!byName.containsKey(ALIAS)) {
            throw QmailPw2u.fatal("unable to find alias user");
        }
        for (String line : files.subusers().split("\n", -1)) {
            subuser(line);
        }
        out.print(files.append());
        if (!files.append().isEmpty() && !files.append().endsWith("\n")) {
            out.print("\n");
        }
        out.print(".\n");
    }

    private boolean isWanted(User user) throws Complaint {
        boolean included = files.include().isEmpty() || files.include().get().contains(user.name);
        return included
                && !files.exclude().contains(user.name)
                && mayGetMail(user.uid)
                && (options.capitals() || Octets.lowerCase(user.name).equals(user.name))
                && isAtHome(user);
    }

    /** Root gets no mail, nor does a number that only looks like another one. */
    private static boolean mayGetMail(String uid) {
        long number = ControlFiles.leadingDigits(uid).orElse(0);
        return number > 0 && number <= LARGEST_UID;
    }

    private boolean isAtHome(User user) throws Complaint {
        if (options.homes() == PasswdOptions.Homes.UNSEEN) {
            return true;
        }
        Optional<FileStatus> home = home(user);
        if (home.isEmpty() && options.homes() == PasswdOptions.Homes.ALL_THERE) {
            throw noHome(user);
        }
        return home.isPresent()
                && Integer.toUnsignedLong(home.get().uid())
                        == ControlFiles.leadingDigits(user.uid).orElse(0);
    }

    /** An error that does not mean that there is no home is no reason to leave a user out. */
    private static Optional<FileStatus> home(User user) throws Complaint {
        try {
            return Optional.of(FileStatus.of(Path.of("/").resolve(Octets.path(user.home))));
        } catch (InvalidPathException unreachable) {
            return Optional.empty();
        } catch (IOException e) {
            Optional<Errno> why = Errno.of(e);
            if (why.equals(Optional.of(Errno.ENOENT)) || why.equals(Optional.of(Errno.ENOTDIR))) {
                return Optional.empty();
            }
            throw noHome(user);
        }
    }

    private static Complaint noHome(User user) {
        return QmailPw2u.fatal("unable to stat " + user.home);
    }

    private void print(User user) throws Complaint {
        if (user.name.equals(ALIAS)) {
            out.print("+:" + user.fields() + options.dash() + "::\n");
        }
        for (String name : names(user)) {
            if (!name.isEmpty()) {
                out.print("=" + name + ":" + user.fields() + "::\n");
                prefix(name, user, "");
            }
        }
    }

    private List<String> names(User user) {
        Optional<String> instead = files.mailnames().get(user.name);
        return instead.isPresent() ? List.of(instead.get().split(":", -1)) : List.of(user.name);
    }

    /** {@code sub:user:pre:}; a line without all of it is none. */
    private void subuser(String line) throws Complaint {
        String[] fields = line.split(":", -1);
        if (fields.length < 4) {
            return;
        }
        User user = byName.get(Octets.lowerCase(fields[1]));
        if (user == null) {
            throw QmailPw2u.fatal("unable to find " + fields[1] + " user for subuser");
        }
        out.print("=" + fields[0] + ":" + user.fields() + options.dash() + ":" + fields[2] + ":\n");
        prefix(fields[0], user, fields[2] + "-");
    }

    private void prefix(String name, User user, String pre) throws Complaint {
        if (!options.delimiter().isEmpty()) {
            out.print("+" + name + options.delimiter() + ":" + user.fields() + options.dash() + ":" + pre + ":\n");
        }
    }
}
