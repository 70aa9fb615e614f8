package org.tawnymail.base.posix;

import java.lang.foreign.Arena;
import java.util.List;

/**
 * The ids of one thread, changed by the bare system calls. Only for a {@link LentThread}, and only in a process of root.
 */
final class ThreadIds {

    private static final long SYS_SETGROUPS = CFunction.AARCH64 ? 159 : 116;
    private static final long SYS_SETRESUID = CFunction.AARCH64 ? 147 : 117;
    private static final long SYS_SETRESGID = CFunction.AARCH64 ? 149 : 119;

    private static final CFunction SYSCALL = CFunction.named("syscall");
    private static final CFunction SETFSUID = CFunction.named("setfsuid");
    private static final CFunction SETFSGID = CFunction.named("setfsgid");

    /** Root's; taken once, so that a lent thread comes back the same whatever happened to it. */
    private static final Identity OWN = own();

    /** Files are accessed as somebody; all other rights stay root's. */
    static LentThread.Change forFiles(Identity identity) {
        return new LentThread.Change() {
            @Override
            public void make() throws SystemError {
                setGroups(identity.groups());
                setFileIds(identity);
            }

            @Override
            public void undo() throws SystemError {
                setFileIds(OWN);
                setGroups(OWN.groups());
            }
        };
    }

    /** Somebody to files and to the other ends of sockets; real and saved id stay root's, so that nobody may signal us. */
    static LentThread.Change forPeers(Identity identity) {
        return new LentThread.Change() {
            @Override
            public void make() throws SystemError {
                setGroups(identity.groups());
                CFunction.check(SYSCALL.call(SYS_SETRESGID, -1, identity.gid(), -1), refusal(identity));
                CFunction.check(SYSCALL.call(SYS_SETRESUID, -1, identity.uid(), -1), refusal(identity));
            }

            @Override
            public void undo() throws SystemError {
                CFunction.check(SYSCALL.call(SYS_SETRESUID, -1, 0, -1), refusal(OWN));
                CFunction.check(SYSCALL.call(SYS_SETRESGID, -1, OWN.gid(), -1), refusal(OWN));
                setGroups(OWN.groups());
            }
        };
    }

    /** A process started meanwhile is somebody from its first instruction on. The saved id stays root's, for the way back. */
    static LentThread.Change forChildren(Identity identity) {
        return new LentThread.Change() {
            @Override
            public void make() throws SystemError {
                setGroups(identity.groups());
                int gid = identity.gid();
                CFunction.check(SYSCALL.call(SYS_SETRESGID, gid, gid, gid), refusal(identity));
                CFunction.check(SYSCALL.call(SYS_SETRESUID, identity.uid(), identity.uid(), 0), refusal(identity));
            }

            @Override
            public void undo() throws SystemError {
                CFunction.check(SYSCALL.call(SYS_SETRESUID, 0, 0, 0), refusal(OWN));
                int gid = OWN.gid();
                CFunction.check(SYSCALL.call(SYS_SETRESGID, gid, gid, gid), refusal(OWN));
                setGroups(OWN.groups());
            }
        };
    }

    static String refusal(Identity identity) {
        return "unable to become user " + Integer.toUnsignedString(identity.uid());
    }

    private static Identity own() {
        try {
            return ThisProcess.identity();
        } catch (SystemError e) {
            throw new IllegalStateException(e);
        }
    }

    private static void setFileIds(Identity identity) throws SystemError {
        SETFSGID.call(identity.gid());
        SETFSUID.call(identity.uid());
        // These two do not tell whether they succeeded; asked for the impossible id -1, they tell the present one.
        if (SETFSUID.call(-1) != identity.uid() || SETFSGID.call(-1) != identity.gid()) {
            throw new SystemError(refusal(identity), Errno.EPERM.number());
        }
    }

    private static void setGroups(List<Integer> groups) throws SystemError {
        try (Arena arena = Arena.ofConfined()) {
            CFunction.check(
                    SYSCALL.call(
                            SYS_SETGROUPS,
                            groups.size(),
                            ThisProcess.ids(arena, groups).address()),
                    "unable to set the groups");
        }
    }

    private ThreadIds() {}
}
