package org.tawnymail.assembly.install;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tawnymail.base.posix.Accounts;
import org.tawnymail.base.posix.Group;
import org.tawnymail.base.posix.SystemError;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/**
 * The accounts and groups of the mail system (core spec, section 1.2), and which ids they have here.
 */
sealed interface Owners {

    /** Accounts, and the main group of each. */
    Map<String, String> ACCOUNTS = accounts();

    private static Map<String, String> accounts() {
        Map<String, String> accounts = new LinkedHashMap<>();
        accounts.put("alias", "nofiles");
        accounts.put("qmaild", "nofiles");
        accounts.put("qmaill", "nofiles");
        accounts.put("qmailp", "nofiles");
        accounts.put("qmailq", "qmail");
        accounts.put("qmailr", "qmail");
        accounts.put("qmails", "qmail");
        return accounts;
    }

    /**
     * The id of an account.
     *
     * @throws Complaint {@code fatal: unable to find user NAME}
     */
    int uid(String user) throws IOException;

    /**
     * The id of a group.
     *
     * @throws Complaint {@code fatal: unable to find group NAME}
     */
    int gid(String group) throws IOException;

    /** An installed system: by the names of this machine. */
    record ByName() implements Owners {

        @Override
        public int uid(String user) throws SystemError, Complaint {
            return Accounts.byName(user)
                    .orElseThrow(() -> new Complaint(ExitCode.TEMPORARY, "fatal: unable to find user " + user))
                    .uid();
        }

        @Override
        public int gid(String group) throws SystemError, Complaint {
            return Accounts.groupByName(group)
                    .map(Group::gid)
                    .orElseThrow(() -> new Complaint(ExitCode.TEMPORARY, "fatal: unable to find group " + group));
        }
    }

    /** The home of an ordinary user, who is everybody in it. */
    record Everybody(int uid, int gid) implements Owners {

        @Override
        public int uid(String user) {
            return uid;
        }

        @Override
        public int gid(String group) {
            return gid;
        }
    }
}
