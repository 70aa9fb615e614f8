package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * An executable to be started as a child process with {@code posix_spawn}. It gets exactly the descriptors named here
 * (and {@code /dev/null} for those of 0, 1 and 2 that are not), default signal dispositions and no blocked signals. Only what
 * nohup or a shell wanted ignored of the terminal (HUP, INT, QUIT) stays so, as in any child.
 * All text is octets, one char each, without NUL.
 *
 * @param executable the file; if relative, from the child's directory
 * @param arguments all arguments, the zeroth included
 * @param environment {@code NAME=value} each
 * @param descriptors the child's numbers, and which of ours each is
 * @param directory the child's working directory
 * @param identity who the child is; nothing for who we are
 */
public record Spawn(
        String executable,
        List<String> arguments,
        List<String> environment,
        NavigableMap<Integer, Integer> descriptors,
        Path directory,
        Optional<Identity> identity) {

    /**
     * Sizes of posix_spawnattr_t (336) and posix_spawn_file_actions_t (80) of glibc, with room to spare; both are filled
     * by functions of the library, which knows.
     */
    private static final int ATTRIBUTES_SIZE = 1024;

    private static final int SIGNAL_SET_SIZE = 128;
    private static final int SET_SIGNALS_TO_DEFAULT = 4;
    private static final int SET_SIGNAL_MASK = 8;
    /** Signals 1 to 3 in a set of signals. */
    private static final int HUP_INT_QUIT = 0b111;

    private static final int STANDARD_DESCRIPTORS = 3;
    private static final int SIGCHLD = 17;
    private static final int SIG_DFL = 0;

    /**
     * Starts it.
     *
     * @throws SystemError with the error of the {@code exec}, or of whatever else kept it from starting
     */
    public SpawnedProcess start() throws IOException {
        if (identity.isEmpty()) {
            return new SpawnedProcess(spawn());
        }
        Identity who = identity.get();
        int own = ThisProcess.effectiveUid();
        if (own != 0) {
            if (own != who.uid()) {
                throw new SystemError(ThreadIds.refusal(who), Errno.EPERM.number());
            }
            return new SpawnedProcess(spawn());
        }
        return new SpawnedProcess(LentThread.call(ThreadIds.forChildren(who), this::spawn));
    }

    private int spawn() throws SystemError {
        try (Arena arena = Arena.ofConfined()) {
            long attributes = arena.allocate(ATTRIBUTES_SIZE, 16).address();
            long actions = arena.allocate(ATTRIBUTES_SIZE, 16).address();
            done(Functions.ATTR_INIT.call(attributes));
            done(Functions.ACTIONS_INIT.call(actions));
            try {
                setSignals(arena, attributes);
                arrangeDescriptors(arena, actions);
                done(Functions.ADD_CHDIR.call(actions, CFunction.string(arena, directory)));
                MemorySegment pid = arena.allocate(JAVA_INT);
                done(Functions.SPAWN.call(
                        pid.address(),
                        CFunction.string(arena, executable),
                        actions,
                        attributes,
                        strings(arena, arguments),
                        strings(arena, environment)));
                return pid.get(JAVA_INT, 0);
            } finally {
                Functions.ACTIONS_DESTROY.call(actions);
                Functions.ATTR_DESTROY.call(attributes);
            }
        }
    }

    private static void setSignals(Arena arena, long attributes) throws SystemError {
        MemorySegment defaults = arena.allocate(SIGNAL_SET_SIZE, 8).fill((byte) 0xff);
        defaults.set(JAVA_BYTE, 0, (byte) ~HUP_INT_QUIT);
        long none = arena.allocate(SIGNAL_SET_SIZE, 8).address();
        done(Functions.ATTR_SETSIGDEFAULT.call(attributes, defaults.address()));
        done(Functions.ATTR_SETSIGMASK.call(attributes, none));
        done(Functions.ATTR_SETFLAGS.call(attributes, SET_SIGNALS_TO_DEFAULT | SET_SIGNAL_MASK));
    }

    /**
     * Moves our numbers to the child's in two steps, first all to numbers above any that is named and then down to their
     * places, so that none is overwritten before it is moved; then closes everything else.
     */
    private void arrangeDescriptors(Arena arena, long actions) throws SystemError {
        int above = STANDARD_DESCRIPTORS;
        for (var entry : descriptors.entrySet()) {
            above = Math.max(above, Math.max(entry.getKey(), entry.getValue()) + 1);
        }
        int high = above;
        for (int ours : descriptors.values()) {
            done(Functions.ADD_DUP2.call(actions, ours, high++));
        }
        high = above;
        for (int childs : descriptors.keySet()) {
            done(Functions.ADD_DUP2.call(actions, high++, childs));
        }
        int last = descriptors.isEmpty() ? -1 : descriptors.lastKey();
        for (int number = 0; number < Math.max(last, STANDARD_DESCRIPTORS); number++) {
            if (descriptors.containsKey(number)) {
                continue;
            }
            if (number < STANDARD_DESCRIPTORS) {
                done(Functions.ADD_OPEN.call(
                        actions, number, CFunction.string(arena, "/dev/null"), Descriptor.O_RDWR, 0));
            } else {
                done(Functions.ADD_CLOSE.call(actions, number));
            }
        }
        done(Functions.ADD_CLOSEFROM.call(actions, Math.max(last + 1, STANDARD_DESCRIPTORS)));
    }

    /** A vector of strings as the C library takes arguments and environment. */
    static long strings(Arena arena, List<String> texts) throws SystemError {
        MemorySegment pointers = arena.allocate(JAVA_LONG, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).indexOf('\0') >= 0) {
                throw new SystemError("a text with a NUL cannot be handed to a process", Errno.EINVAL.number());
            }
            pointers.setAtIndex(JAVA_LONG, i, CFunction.string(arena, texts.get(i)));
        }
        return pointers.address();
    }

    /** These functions return the error itself. */
    private static void done(int error) throws SystemError {
        if (error != 0) {
            throw new SystemError("unable to start a process", Math.abs(error));
        }
    }

    private static final class Functions {

        static {
            // Whoever started us may have set SIGCHLD to be ignored; then no child's exit code would ever be told.
            CFunction.named("signal").callLong(SIGCHLD, SIG_DFL);
        }

        static final CFunction SPAWN = CFunction.named("posix_spawn");
        static final CFunction ATTR_INIT = CFunction.named("posix_spawnattr_init");
        static final CFunction ATTR_DESTROY = CFunction.named("posix_spawnattr_destroy");
        static final CFunction ATTR_SETFLAGS = CFunction.named("posix_spawnattr_setflags");
        static final CFunction ATTR_SETSIGDEFAULT = CFunction.named("posix_spawnattr_setsigdefault");
        static final CFunction ATTR_SETSIGMASK = CFunction.named("posix_spawnattr_setsigmask");
        static final CFunction ACTIONS_INIT = CFunction.named("posix_spawn_file_actions_init");
        static final CFunction ACTIONS_DESTROY = CFunction.named("posix_spawn_file_actions_destroy");
        static final CFunction ADD_DUP2 = CFunction.named("posix_spawn_file_actions_adddup2");
        static final CFunction ADD_OPEN = CFunction.named("posix_spawn_file_actions_addopen");
        static final CFunction ADD_CLOSE = CFunction.named("posix_spawn_file_actions_addclose");
        static final CFunction ADD_CHDIR = CFunction.named("posix_spawn_file_actions_addchdir_np");
        static final CFunction ADD_CLOSEFROM = CFunction.named("posix_spawn_file_actions_addclosefrom_np");
    }
}
