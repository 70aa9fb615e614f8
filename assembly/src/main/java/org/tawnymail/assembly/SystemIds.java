package org.tawnymail.assembly;

import java.util.Optional;
import java.util.OptionalInt;
import org.tawnymail.base.control.QmailShowctl;
import org.tawnymail.base.posix.Account;
import org.tawnymail.base.posix.Accounts;
import org.tawnymail.base.posix.Group;
import org.tawnymail.base.posix.SystemError;

/** The numbers of accounts and groups in the databases of this system. */
final class SystemIds implements QmailShowctl.Ids {

    @Override
    public OptionalInt user(String name) throws SystemError {
        Optional<Account> account = Accounts.byName(name);
        return account.isPresent() ? OptionalInt.of(account.get().uid()) : OptionalInt.empty();
    }

    @Override
    public OptionalInt group(String name) throws SystemError {
        Optional<Group> group = Accounts.groupByName(name);
        return group.isPresent() ? OptionalInt.of(group.get().gid()) : OptionalInt.empty();
    }
}
