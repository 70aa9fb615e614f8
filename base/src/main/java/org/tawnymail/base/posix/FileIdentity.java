package org.tawnymail.base.posix;

import java.io.IOException;
import java.util.function.Function;

/**
 * Does work on files as another user: what a process of that user may not open, read or create, the work may not either,
 * and what it creates belongs to that user. Only a process of root can do so.
 *
 * <p>How: Linux keeps the ids that files are accessed with for each thread (setfsuid(2)). The work therefore runs on a
 * platform thread lent to it alone, which afterwards is root again; the caller waits.
 *
 * <p><b>The work must do nothing but its file operations.</b> A thread that it starts would keep the user's ids, and
 * waking a virtual thread can start one (a carrier): no locks, queues or streams shared with other threads, no child
 * processes. Ids of processes and signals stay those of this process: it is no way to run a program.
 */
public final class FileIdentity {

    /** What is to be done. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /**
     * Runs the work as somebody. If this process is that user already, it simply runs on the caller's thread.
     *
     * <p>An interrupt of the caller is passed on to the work, and its end is waited for all the same.
     *
     * @throws SystemError if this process may not do that ({@code permission denied}); the work then has not begun
     */
    public static <T> T call(Identity identity, Work<T> work) throws IOException {
        return call(identity, ThreadIds::forFiles, work);
    }

    /**
     * The same; and whoever is at the other end of a Unix socket that the work connects is told of this user, too. That is
     * how root submits mail on behalf of a user: the owner of the queue asks the system who it is, and nobody else.
     */
    public static <T> T callAsPeer(Identity identity, Work<T> work) throws IOException {
        return call(identity, ThreadIds::forPeers, work);
    }

    private static <T> T call(Identity identity, Function<Identity, LentThread.Change> change, Work<T> work)
            throws IOException {
        int uid = ThisProcess.effectiveUid();
        if (uid == identity.uid() && (uid != 0 || ThisProcess.effectiveGid() == identity.gid())) {
            return work.run();
        }
        if (uid != 0) {
            throw new SystemError(ThreadIds.refusal(identity), Errno.EPERM.number());
        }
        return LentThread.call(change.apply(identity), work);
    }

    private FileIdentity() {}
}
