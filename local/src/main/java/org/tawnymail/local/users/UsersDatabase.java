package org.tawnymail.local.users;

import java.io.IOException;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.cdb.Cdb;
import org.tawnymail.base.cdb.CdbFile;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;

/**
 * The assignments of addresses to users that qmail-newu compiled: users/cdb (core spec, section 5.3). A new database
 * counts from the next look-up on. Safe for use by many threads.
 */
public final class UsersDatabase {

    private static final String NUL = "\0";

    private final CdbFile file;

    public UsersDatabase(Home home) {
        this.file = new CdbFile(home.users().resolve("cdb"));
    }

    /**
     * Who the address is assigned to: exactly, else by its longest assigned prefix; nobody if there is none, or no
     * database.
     *
     * @throws LookupFailure if there is a database and it does not give an answer
     */
    Optional<LocalUser> find(String local) throws LookupFailure {
        try {
            Optional<Cdb> database = file.current();
            return database.isPresent() ? find(database.get(), local) : Optional.empty();
        } catch (IOException e) {
            throw trouble(Errno.text(e));
        }
    }

    private Optional<LocalUser> find(Cdb database, String local) throws IOException, LookupFailure {
        String lastLetters = database.get("").orElseThrow(() -> trouble("it has no list of last letters"));
        String key = Assignments.KEY_MARK + Octets.lowerCase(local);
        Optional<String> exact = database.get(key + NUL);
        if (exact.isPresent()) {
            return Optional.of(LocalUser.decode(exact.get() + NUL));
        }
        for (int end = key.length(); end > 0; end--) {
            if (end > 1 && lastLetters.indexOf(key.charAt(end - 1)) < 0) {
                continue;
            }
            Optional<String> prefix = database.get(key.substring(0, end));
            if (prefix.isPresent()) {
                return Optional.of(LocalUser.decode(prefix.get() + local.substring(end - 1) + NUL));
            }
        }
        return Optional.empty();
    }

    private LookupFailure trouble(String why) {
        return new LookupFailure(LspawnReport.USERS_DATABASE, "unable to read " + file.path() + ": " + why);
    }
}
