package org.tawnymail.pickup.login;

import java.io.IOException;
import java.util.Optional;
import org.tawnymail.base.posix.Account;
import org.tawnymail.base.posix.Accounts;
import org.tawnymail.base.posix.PasswordHash;
import org.tawnymail.base.posix.ThisProcess;

/** What checkpassword asks the system. */
interface SystemPasswords {

    /** The account of a name. */
    Optional<Account> account(String name) throws IOException;

    /** The shadow database's hash, if there is one that may be read. */
    Optional<String> shadowPassword(String name) throws IOException;

    /** Whether a password belongs to a hash. */
    boolean matches(String password, String hash);

    /** Who this process is. */
    int uid();

    /** The system that this process runs on. */
    SystemPasswords OF_THE_SYSTEM = new SystemPasswords() {
        @Override
        public Optional<Account> account(String name) throws IOException {
            return Accounts.byName(name);
        }

        @Override
        public Optional<String> shadowPassword(String name) throws IOException {
            return Accounts.shadowPassword(name);
        }

        @Override
        public boolean matches(String password, String hash) {
            return PasswordHash.matches(password, hash);
        }

        @Override
        public int uid() {
            return ThisProcess.effectiveUid();
        }
    };
}
