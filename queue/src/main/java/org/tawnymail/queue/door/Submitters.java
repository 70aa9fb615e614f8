package org.tawnymail.queue.door;

import java.util.HashMap;
import java.util.Map;
import org.tawnymail.base.posix.Account;
import org.tawnymail.base.posix.Accounts;
import org.tawnymail.base.posix.SystemError;
import org.tawnymail.queue.QueuePort.Origin;

/** Who is who among those that submit, by user id (core spec, section 2.4). */
final class Submitters {

    private final Map<Integer, Origin> origins = new HashMap<>();

    private Submitters() {}

    /** From the accounts {@code alias}, {@code qmaild} and {@code qmails}, where this machine has them. */
    static Submitters ofThisMachine() throws SystemError {
        Submitters submitters = new Submitters();
        // The order is qmail-queue's; where two accounts share a uid, the first counts.
        submitters.add("alias", Origin.ALIAS);
        submitters.add("qmaild", Origin.NETWORK);
        submitters.add("qmails", Origin.BOUNCE);
        return submitters;
    }

    private void add(String name, Origin origin) throws SystemError {
        Accounts.byName(name).map(Account::uid).ifPresent(uid -> origins.putIfAbsent(uid, origin));
    }

    Origin origin(int uid) {
        return origins.getOrDefault(uid, Origin.USER);
    }

    /**
     * The user id behind the name that the JDK gives for one: the name of the account, or the number where there is none.
     *
     * @throws SystemError if the accounts cannot be asked, or know neither
     */
    static int uid(String principal) throws SystemError {
        boolean isNumber = !principal.isEmpty() && principal.chars().allMatch(c -> c >= '0' && c <= '9');
        if (isNumber) {
            int uid = Integer.parseUnsignedInt(principal);
            // Were it an account's, the JDK would have said the account's name.
            if (Accounts.byUid(uid).isEmpty()) {
                return uid;
            }
        }
        return Accounts.byName(principal)
                .map(Account::uid)
                .orElseThrow(() -> new SystemError("no account " + principal, 0));
    }
}
