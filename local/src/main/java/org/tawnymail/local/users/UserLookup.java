package org.tawnymail.local.users;

import java.util.Optional;

/** Whose mail an address is: users/cdb first, then the accounts of the system (core spec, section 5.3). */
public final class UserLookup {

    private final UsersDatabase assignments;
    private final AccountLookup accounts;

    public UserLookup(UsersDatabase assignments, AccountLookup accounts) {
        this.assignments = assignments;
        this.accounts = accounts;
    }

    /** The same, with whatever stands in the place of {@code bin/qmail-getpw} for the accounts of the system. */
    public UserLookup with(Replacements replaced) {
        return new UserLookup(assignments, new Getpw(replaced, accounts));
    }

    /**
     * The user whose mail it is.
     *
     * @param local the part of the address before its last {@code @}
     */
    public LocalUser find(String local) throws LookupFailure {
        Optional<LocalUser> assigned = assignments.find(local);
        return assigned.isPresent() ? assigned.get() : accounts.find(local);
    }
}
