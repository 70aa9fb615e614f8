package org.tawnymail.local.users;

import java.util.Optional;
import org.tawnymail.base.posix.Account;
import org.tawnymail.base.posix.SystemError;

/** The accounts of the system: {@link org.tawnymail.base.posix.Accounts#byName}, unless a test says otherwise. */
@FunctionalInterface
public interface AccountDatabase {

    /**
     * The account of a login name.
     *
     * @throws SystemError if that cannot be told just now
     */
    Optional<Account> byName(String name) throws SystemError;
}
