package org.tawnymail.local.users;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Account;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.SystemError;

/**
 * Finds the account that an address belongs to by its name: qmail-getpw (core spec, section 5.4). {@code ann-list-x} is
 * the account {@code ann-list-x}, else {@code ann-list}, else {@code ann}; what no account has is the alias account's.
 *
 * <p>Root gets no mail, nor does an account whose home directory is missing or belongs to somebody else. Names are
 * lower-cased before they are looked up, so accounts with capitals in their names get none either.
 */
public final class PasswdLookup implements AccountLookup {

    private static final String ALIAS = "alias";
    private static final String DASH = "-";
    private static final char BREAK = '-';

    /** Longer names are not looked up (core spec, section 14.1). */
    private static final int LONGEST_NAME = 31;

    private final AccountDatabase accounts;

    public PasswdLookup(AccountDatabase accounts) {
        this.accounts = accounts;
    }

    @Override
    public LocalUser find(String local) throws LookupFailure {
        int end = local.length();
        while (end >= 0) {
            Optional<Account> owner = end <= LONGEST_NAME ? owner(local.substring(0, end)) : Optional.empty();
            if (owner.isPresent()) {
                boolean whole = end == local.length();
                return user(owner.get(), whole ? "" : DASH, whole ? "" : local.substring(end + 1));
            }
            end = end == 0 ? -1 : local.lastIndexOf(BREAK, end - 1);
        }
        Account alias = byName(ALIAS)
                .orElseThrow(() -> new LookupFailure(LspawnReport.NO_ALIAS_USER, "there is no account alias"));
        return user(alias, DASH, local);
    }

    /** The account of this name, if it gets mail. */
    private Optional<Account> owner(String name) throws LookupFailure {
        Optional<Account> account = byName(Octets.lowerCase(name));
        return account.isPresent() && account.get().uid() != 0 && ownsHome(account.get()) ? account : Optional.empty();
    }

    private static boolean ownsHome(Account account) throws LookupFailure {
        try {
            return FileStatus.of(Octets.path(account.home())).uid() == account.uid();
        } catch (InvalidPathException unreachable) {
            return false;
        } catch (IOException e) {
            if (Errno.isTemporary(e)) {
                throw new LookupFailure(
                        LspawnReport.UNREADABLE_HOME, "unable to stat " + account.home() + ": " + Errno.text(e));
            }
            return false;
        }
    }

    private Optional<Account> byName(String name) throws LookupFailure {
        try {
            return accounts.byName(name);
        } catch (SystemError e) {
            throw new LookupFailure(
                    LspawnReport.TEMPORARY_FAILURE, "unable to look up account " + name + ": " + e.text());
        }
    }

    private static LocalUser user(Account account, String dash, String ext) {
        return new LocalUser(account.name(), account.uid(), account.gid(), account.home(), dash, ext);
    }
}
