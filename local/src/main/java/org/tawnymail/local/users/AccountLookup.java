package org.tawnymail.local.users;

/** Whose mail it is by the accounts of the system: what qmail-getpw answers (core spec, section 5.4). */
@FunctionalInterface
public interface AccountLookup {

    /**
     * The user whose mail it is.
     *
     * @param local the part of the address before its last {@code @}
     */
    LocalUser find(String local) throws LookupFailure;
}
