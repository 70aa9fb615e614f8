package org.tawnymail.base.posix;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.tawnymail.base.program.Lendable;

/**
 * A connection of this process on loan to a child process.
 *
 * <p>The JDK does not tell the number of a connection's open file. The system does: among the open files of the process exactly
 * one is the connection between two given ends. It is duplicated, and the duplicate looked at once more, so that a number which
 * changes hands in between does no harm.
 *
 * <p>While it is lent, the socket is in blocking mode, as programs expect it; the JDK's virtual threads use it in non-blocking
 * mode, which is put back at the end.
 */
public final class LentSocket implements Lendable.Lease {

    private static final File OPEN_FILES = new File("/proc/self/fd");

    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int LOWEST = 3;

    private final Descriptor duplicate;
    private final int number;
    private final int flags;

    private LentSocket(int number, int flags) {
        this.duplicate = new Descriptor(number, false);
        this.number = number;
        this.flags = flags;
    }

    /**
     * Lends a connection of this process. The caller holds it open meanwhile.
     *
     * @return nothing if it is not found
     */
    public static Optional<Lendable.Lease> of(SocketAddresses ends) throws IOException {
        String[] numbers = OPEN_FILES.list();
        if (numbers == null) {
            return Optional.empty();
        }
        for (String name : numbers) {
            int number = Integer.parseInt(name);
            if (isBetween(number, ends)) {
                Optional<Lendable.Lease> lease = duplicate(number, ends);
                if (lease.isPresent()) {
                    return lease;
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public int fileNumber() {
        return duplicate.numberToHandOn();
    }

    @Override
    public void close() {
        try {
            Functions.FCNTL.call(number, F_SETFL, flags);
            duplicate.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a lent connection could not be closed", e);
        }
    }

    private static Optional<Lendable.Lease> duplicate(int original, SocketAddresses ends) throws SystemError {
        int number = Functions.FCNTL.call(original, F_DUPFD_CLOEXEC, LOWEST);
        if (number == -Errno.EBADF.number()) {
            return Optional.empty();
        }
        CFunction.check(number, "unable to duplicate a connection");
        int flags = Functions.FCNTL.call(number, F_GETFL);
        LentSocket lent = new LentSocket(number, flags);
        if (flags < 0
                || !isBetween(number, ends)
                || Functions.FCNTL.call(number, F_SETFL, flags & ~Descriptor.O_NONBLOCK) < 0) {
            lent.close();
            return Optional.empty();
        }
        return Optional.of(lent);
    }

    private static boolean isBetween(int number, SocketAddresses ends) {
        return SocketAddresses.of(number).filter(ends::equals).isPresent();
    }

    private static final class Functions {
        static final CFunction FCNTL = CFunction.named("fcntl");
    }
}
