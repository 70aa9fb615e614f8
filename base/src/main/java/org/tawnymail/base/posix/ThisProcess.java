package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The ids of this process, its file mode mask, and signals to others. */
public final class ThisProcess {

    /** SIGHUP. */
    public static final int HANGUP = 1;

    /** SIGKILL. */
    public static final int KILL = 9;

    /** SIGALRM. */
    public static final int ALARM = 14;

    /** SIGTERM. */
    public static final int TERMINATE = 15;

    private static final int MOST_GROUPS = 65536;
    private static final int DEFAULT_ACTION = 0;

    private static final Path PROC = Path.of("/proc/self");
    private static final Path STATUS = PROC.resolve("status");
    private static final String IGNORED = "SigIgn:";

    /** The process id. What the JDK has for it costs a program that lives for milliseconds some of them. */
    public static long pid() {
        try {
            return Long.parseLong(Files.readSymbolicLink(PROC).toString());
        } catch (IOException | NumberFormatException noProc) {
            return ProcessHandle.current().pid();
        }
    }

    public static int uid() {
        return Functions.GETUID.call();
    }

    public static int effectiveUid() {
        return Functions.GETEUID.call();
    }

    public static int gid() {
        return Functions.GETGID.call();
    }

    public static int effectiveGid() {
        return Functions.GETEGID.call();
    }

    /** The supplementary groups. */
    public static List<Integer> groups() throws SystemError {
        try (Arena arena = Arena.ofConfined()) {
            int room = CFunction.check(Functions.GETGROUPS.call(0, 0), "unable to count the groups");
            MemorySegment ids = arena.allocate(JAVA_INT, Math.clamp(room, 1, MOST_GROUPS));
            int count = CFunction.check(Functions.GETGROUPS.call(room, ids.address()), "unable to read the groups");
            List<Integer> groups = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                groups.add(ids.getAtIndex(JAVA_INT, i));
            }
            return List.copyOf(groups);
        }
    }

    /** Who this process acts as. */
    public static Identity identity() throws SystemError {
        return new Identity(effectiveUid(), effectiveGid(), groups());
    }

    /**
     * Gives up every other identity, root's above all: all threads of the process become this user, for good.
     *
     * @throws SystemError if that is not permitted; the process may then have a part of its new identity already and
     *     should end
     */
    public static void become(Identity identity) throws SystemError {
        String what = "unable to become user " + Integer.toUnsignedString(identity.uid());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment groups = ids(arena, identity.groups());
            int count = identity.groups().size();
            // These three of glibc, unlike the bare system calls, change all threads.
            CFunction.check(Functions.SETGROUPS.call(count, groups.address()), what);
        }
        CFunction.check(Functions.SETRESGID.call(identity.gid(), identity.gid(), identity.gid()), what);
        CFunction.check(Functions.SETRESUID.call(identity.uid(), identity.uid(), identity.uid()), what);
        if (identity.uid() != 0 && Functions.SETRESUID.call(-1, 0, -1) >= 0) {
            throw new IllegalStateException("could become root again after giving it up");
        }
    }

    /**
     * Sets the file mode mask of the whole process.
     *
     * @return the mask before
     */
    public static int umask(int mask) {
        return Functions.UMASK.call(mask);
    }

    /** Sends a signal to a process. */
    public static void signal(long pid, int signal) throws SystemError {
        if (pid <= 0) {
            throw new IllegalArgumentException("not the number of one process: " + pid);
        }
        CFunction.check(Functions.KILL.call(pid, signal), "unable to signal process " + pid);
    }

    /**
     * Lets a signal be handled that was ignored when this process was started, as nohup and some shells do with what runs in the
     * background: the JVM would leave it ignored, whatever handler it is given.
     */
    public static void endIgnoring(int signal) throws IOException {
        if (isIgnored(signal)) {
            Functions.SIGNAL.call(signal, DEFAULT_ACTION);
        }
    }

    /** Whether a signal does nothing to this process. */
    static boolean isIgnored(int signal) throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(IGNORED)) {
                long set =
                        Long.parseUnsignedLong(line.substring(IGNORED.length()).strip(), 16);
                return (set >>> (signal - 1) & 1) != 0;
            }
        }
        return false;
    }

    static MemorySegment ids(Arena arena, List<Integer> groups) {
        MemorySegment ids = arena.allocate(JAVA_INT, Math.max(1, groups.size()));
        for (int i = 0; i < groups.size(); i++) {
            ids.setAtIndex(JAVA_INT, i, groups.get(i));
        }
        return ids;
    }

    private static final class Functions {
        static final CFunction GETUID = CFunction.named("getuid");
        static final CFunction GETEUID = CFunction.named("geteuid");
        static final CFunction GETGID = CFunction.named("getgid");
        static final CFunction GETEGID = CFunction.named("getegid");
        static final CFunction GETGROUPS = CFunction.named("getgroups");
        static final CFunction SETGROUPS = CFunction.named("setgroups");
        static final CFunction SETRESGID = CFunction.named("setresgid");
        static final CFunction SETRESUID = CFunction.named("setresuid");
        static final CFunction UMASK = CFunction.named("umask");
        static final CFunction KILL = CFunction.named("kill");
        static final CFunction SIGNAL = CFunction.named("signal");
    }

    private ThisProcess() {}
}
