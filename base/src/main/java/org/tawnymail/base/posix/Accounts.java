package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Looks up accounts and groups in the databases of the system: passwd, group and shadow, through NSS.
 *
 * <p>"No such user" is an answer (empty); a database that cannot be asked just now (an LDAP server away, too many open
 * files) is a {@link SystemError}, and whatever its number, it is worth another try. The two must never be confused: the
 * first bounces mail.
 *
 * <p>A look-up may read files or ask a server, and holds its thread meanwhile.
 */
public final class Accounts {

    /** glibc asks for less than this for any entry that a person would make; see {@link #LARGEST_ENTRY}. */
    private static final int FIRST_TRY = 1024;

    /** An entry that needs more room than this (a group of many thousand members) is refused. */
    private static final int LARGEST_ENTRY = 16 << 20;

    /** The members of struct passwd and struct group on 64-bit Linux; both begin with name and password. */
    private static final class Layout {
        static final long NAME = 0;
        static final long PASSWORD = 8;
        static final long PASSWD_UID = 16;
        static final long PASSWD_GID = 20;
        static final long PASSWD_HOME = 32;
        static final long PASSWD_SHELL = 40;
        static final long GROUP_GID = 16;
        static final long LARGEST = 72;
    }

    /** NGROUPS_MAX of Linux. */
    private static final int LARGEST_NUMBER_OF_GROUPS = 65536;

    /** The account of a login name. */
    public static Optional<Account> byName(String name) throws SystemError {
        return named(Functions.GETPWNAM_R, name, Accounts::account);
    }

    /** The first account with a user id. */
    public static Optional<Account> byUid(int uid) throws SystemError {
        return numbered(Functions.GETPWUID_R, uid, Accounts::account);
    }

    public static Optional<Group> groupByName(String name) throws SystemError {
        return named(Functions.GETGRNAM_R, name, Accounts::group);
    }

    public static Optional<Group> groupByGid(int gid) throws SystemError {
        return numbered(Functions.GETGRGID_R, gid, Accounts::group);
    }

    /**
     * The user, the main group and all supplementary groups of an account, as {@code login} would set them: what {@code
     * checkpassword} becomes.
     */
    public static Identity withAllGroups(Account account) throws SystemError {
        int room = 64;
        while (room <= LARGEST_NUMBER_OF_GROUPS) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment groups = arena.allocate(JAVA_INT, room);
                MemorySegment count = arena.allocateFrom(JAVA_INT, room);
                int result = Functions.GETGROUPLIST.call(
                        CFunction.string(arena, account.name()), account.gid(), groups.address(), count.address());
                int found = count.get(JAVA_INT, 0);
                if (result >= 0) {
                    List<Integer> ids = new ArrayList<>(found);
                    for (int i = 0; i < found; i++) {
                        ids.add(groups.getAtIndex(JAVA_INT, i));
                    }
                    return new Identity(account.uid(), account.gid(), ids);
                }
                room = Math.max(found, 2 * room);
            }
        }
        throw new SystemError("too many groups for " + account.name(), Errno.EINVAL.number());
    }

    /**
     * The password hash of the shadow database.
     *
     * @return nothing if the name is not in it, or if this process may not read it; instead of nothing some systems give a
     *     hash that no password has, such as {@code !*}
     */
    public static Optional<String> shadowPassword(String name) throws SystemError {
        return named(Functions.GETSPNAM_R, name, entry -> CFunction.stringAt(pointer(entry, Layout.PASSWORD)));
    }

    private static Account account(MemorySegment entry) {
        return new Account(
                CFunction.stringAt(pointer(entry, Layout.NAME)),
                entry.get(JAVA_INT, Layout.PASSWD_UID),
                entry.get(JAVA_INT, Layout.PASSWD_GID),
                CFunction.stringAt(pointer(entry, Layout.PASSWD_HOME)),
                CFunction.stringAt(pointer(entry, Layout.PASSWD_SHELL)),
                CFunction.stringAt(pointer(entry, Layout.PASSWORD)));
    }

    private static Group group(MemorySegment entry) {
        return new Group(CFunction.stringAt(pointer(entry, Layout.NAME)), entry.get(JAVA_INT, Layout.GROUP_GID));
    }

    private static long pointer(MemorySegment entry, long offset) {
        return entry.get(ADDRESS, offset).address();
    }

    private static <T> Optional<T> named(CFunction function, String name, Function<MemorySegment, T> reader)
            throws SystemError {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            return lookUp(function, CFunction.string(arena, name), name, reader);
        }
    }

    private static <T> Optional<T> numbered(CFunction function, int id, Function<MemorySegment, T> reader)
            throws SystemError {
        return lookUp(function, Integer.toUnsignedLong(id), Integer.toUnsignedString(id), reader);
    }

    /** Calls {@code int f(key, struct *entry, char *buffer, size_t size, struct **result)}, the shape of them all. */
    private static <T> Optional<T> lookUp(
            CFunction function, long key, String wanted, Function<MemorySegment, T> reader) throws SystemError {
        for (int size = FIRST_TRY; size <= LARGEST_ENTRY; size *= 4) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment entry = arena.allocate(Layout.LARGEST, Long.BYTES);
                MemorySegment result = arena.allocate(JAVA_LONG);
                int answer =
                        function.call(key, entry.address(), arena.allocate(size).address(), size, result.address());
                // These functions return the error itself; a -1 that became -errno can only be a broken NSS module.
                int errno = Math.abs(answer);
                if (result.get(JAVA_LONG, 0) != 0) {
                    return Optional.of(reader.apply(entry));
                }
                if (errno == Errno.ERANGE.number()) {
                    continue;
                }
                if (meansAbsent(errno) || (function == Functions.GETSPNAM_R && errno == Errno.EACCES.number())) {
                    return Optional.empty();
                }
                throw new SystemError("unable to look up " + wanted, errno);
            }
        }
        throw new SystemError("unable to look up " + wanted, Errno.ERANGE.number());
    }

    /** What glibc gives back where nobody has that name, or where the database does not exist at all. */
    private static boolean meansAbsent(int errno) {
        return errno == 0 || errno == Errno.ENOENT.number() || errno == Errno.ESRCH.number();
    }

    private static final class Functions {
        static final CFunction GETPWNAM_R = CFunction.named("getpwnam_r");
        static final CFunction GETPWUID_R = CFunction.named("getpwuid_r");
        static final CFunction GETGRNAM_R = CFunction.named("getgrnam_r");
        static final CFunction GETGRGID_R = CFunction.named("getgrgid_r");
        static final CFunction GETSPNAM_R = CFunction.named("getspnam_r");
        static final CFunction GETGROUPLIST = CFunction.named("getgrouplist");
    }

    private Accounts() {}
}
