package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * This process goes on as another executable, with the same process id ({@code execve}). What a {@link Spawn} says of a child
 * holds for it: exactly the descriptors named there, the directory, the identity; signals that we handle are default again,
 * none is blocked.
 *
 * <p>Until {@link #orEnd} has moved the first descriptor to its place, a failure is an exception. From there on nothing of this
 * JVM can be relied on (its own files may have had those numbers), so a failure ends the process at once.
 */
public final class Becoming {

    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int SIG_SETMASK = 2;
    private static final int SIGNAL_SET_SIZE = 128;
    private static final int STANDARD_DESCRIPTORS = 3;

    private final Spawn image;
    private final int above;

    private Becoming(Spawn image) {
        this.image = image;
        int last = STANDARD_DESCRIPTORS - 1;
        for (int number : image.descriptors().keySet()) {
            last = Math.max(last, number);
        }
        this.above = last + 1;
    }

    /**
     * Becomes the executable. Never returns.
     *
     * @param exitCode what the process ends with if the executable cannot be run
     * @throws SystemError if that shows before it is too late to say so
     */
    public static void orEnd(Spawn image, int exitCode) throws SystemError {
        try (Arena arena = Arena.ofConfined()) {
            new Becoming(image).become(arena, exitCode);
        }
        throw new AssertionError("_exit returned");
    }

    private void become(Arena arena, int exitCode) throws SystemError {
        long file = CFunction.string(arena, image.executable());
        long arguments = Spawn.strings(arena, image.arguments());
        long environment = Spawn.strings(arena, image.environment());
        long directory = CFunction.string(arena, image.directory());
        long noSignals =
                arena.allocate(SIGNAL_SET_SIZE, JAVA_LONG.byteAlignment()).address();
        List<Move> moves = copiesOutOfTheWay(arena);
        CFunction.check(Functions.CHDIR.call(directory), "unable to change to " + image.directory());
        Optional<Identity> identity = image.identity();
        if (identity.isPresent()) {
            ThisProcess.become(identity.get());
        }
        // From here on nothing must be loaded: the numbers that are written to may be those of our own jars.
        Functions.SIGMASK.call(SIG_SETMASK, noSignals, 0);
        for (Move move : moves) {
            if (move.copy < 0) {
                Functions.CLOSE.call(move.to);
            } else {
                Functions.DUP2.call(move.copy, move.to);
            }
        }
        Functions.CLOSEFROM.call(above);
        Functions.EXECVE.call(file, arguments, environment);
        Functions.EXIT.call(exitCode);
    }

    /** One number of the new image: the copy that moves there, or -1 where it is to be closed. */
    private record Move(int copy, int to) {}

    /** Copies above all numbers that will be written to, so that none is overwritten before it has moved. */
    private List<Move> copiesOutOfTheWay(Arena arena) throws SystemError {
        List<Move> moves = new ArrayList<>();
        Map<Integer, Integer> wanted = image.descriptors();
        for (int number = 0; number < above; number++) {
            Integer ours = wanted.get(number);
            int copy = -1;
            if (ours != null) {
                copy = CFunction.check(
                        Functions.FCNTL.call(ours, F_DUPFD_CLOEXEC, above), "unable to copy descriptor " + ours);
            } else if (number < STANDARD_DESCRIPTORS) {
                copy = CFunction.check(
                        Functions.OPEN.call(
                                CFunction.string(arena, "/dev/null"), Descriptor.O_RDWR | Descriptor.O_CLOEXEC),
                        "unable to open /dev/null");
            }
            moves.add(new Move(copy, number));
        }
        return moves;
    }

    private static final class Functions {
        static final CFunction CHDIR = CFunction.named("chdir");
        static final CFunction SIGMASK = CFunction.named("pthread_sigmask");
        static final CFunction FCNTL = CFunction.named("fcntl");
        static final CFunction OPEN = CFunction.named("open");
        static final CFunction DUP2 = CFunction.named("dup2");
        static final CFunction CLOSE = CFunction.named("close");
        static final CFunction CLOSEFROM = CFunction.named("closefrom");
        static final CFunction EXECVE = CFunction.named("execve");
        static final CFunction EXIT = CFunction.named("_exit");
    }
}
