package org.tawnymail.send.start;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.posix.Account;
import org.tawnymail.base.posix.Accounts;
import org.tawnymail.base.posix.Group;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/**
 * Who each daemon is (core spec, sections 1.2 and 1.5); nothing for whoever starts the system, which is all roles for an
 * ordinary user.
 *
 * @param send the owner of the queue: unlike qmail's, our qmail-send is the one process that writes it
 * @param local root, because it becomes each recipient
 * @param remote with all groups of its account
 */
record Roles(Optional<Identity> send, Optional<Identity> local, Optional<Identity> remote, Optional<Identity> logger) {

    private static final int ROOT = 0;

    /**
     * The roles by the names of this machine, if this is root.
     *
     * @throws Complaint if a name is missing
     */
    static Roles ofThisProcess() throws IOException {
        if (ThisProcess.effectiveUid() != ROOT) {
            return new Roles(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }
        Account log = user("qmaill");
        Account queue = user("qmailq");
        Account remote = user("qmailr");
        int mail = group("qmail");
        int nobodys = group("nofiles");
        Account remoteOfGroup =
                new Account(remote.name(), remote.uid(), mail, remote.home(), remote.shell(), remote.passwordField());
        return new Roles(
                Optional.of(new Identity(queue.uid(), mail)),
                Optional.of(new Identity(ROOT, mail)),
                Optional.of(Accounts.withAllGroups(remoteOfGroup)),
                Optional.of(new Identity(log.uid(), nobodys, List.of(nobodys))));
    }

    private static Account user(String name) throws IOException {
        return Accounts.byName(name)
                .orElseThrow(() -> new Complaint(ExitCode.TEMPORARY, "fatal: unable to find user " + name));
    }

    private static int group(String name) throws IOException {
        return Accounts.groupByName(name)
                .map(Group::gid)
                .orElseThrow(() -> new Complaint(ExitCode.TEMPORARY, "fatal: unable to find group " + name));
    }
}
