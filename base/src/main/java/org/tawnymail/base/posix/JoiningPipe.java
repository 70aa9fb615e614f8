package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pipe of the system between this process and a child: one end is the child's, by its number; the other is ours, as
 * streams that virtual threads can wait on. Neither end is inherited by any child but the one it is handed to.
 */
public final class JoiningPipe implements Closeable {

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SHUT_WR = 1;
    private static final int F_SETFL = 4;

    private final Descriptor ours;
    private final Descriptor childs;
    private final boolean isSocket;
    private final AtomicInteger users;

    private JoiningPipe(int ours, int childs, boolean isSocket) {
        this.ours = new Descriptor(ours, true);
        this.childs = new Descriptor(childs, false);
        this.isSocket = isSocket;
        this.users = new AtomicInteger(isSocket ? 2 : 1);
    }

    /** What we write, the child reads. */
    public static JoiningPipe toChild() throws IOException {
        return pipe(1);
    }

    /** What the child writes, we read. */
    public static JoiningPipe fromChild() throws IOException {
        return pipe(0);
    }

    /** For a descriptor that is open both ways: a pair of sockets. */
    public static JoiningPipe bothWays() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            CFunction.check(
                    Functions.SOCKETPAIR.call(AF_UNIX, SOCK_STREAM | Descriptor.O_CLOEXEC, 0, ends.address()),
                    "unable to create a pair of sockets");
            return joined(ends, 0, true);
        }
    }

    private static JoiningPipe pipe(int ours) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            CFunction.check(Functions.PIPE2.call(ends.address(), Descriptor.O_CLOEXEC), "unable to create a pipe");
            return joined(ends, ours, false);
        }
    }

    /** Non-blocking mode belongs to an end, not to the pair: the child's stays as programs expect it. */
    private static JoiningPipe joined(MemorySegment ends, int ours, boolean isSocket) throws IOException {
        JoiningPipe pipe =
                new JoiningPipe(ends.getAtIndex(JAVA_INT, ours), ends.getAtIndex(JAVA_INT, 1 - ours), isSocket);
        int result = Functions.FCNTL.call(pipe.ours.number(), F_SETFL, Descriptor.O_NONBLOCK);
        if (result < 0) {
            pipe.close();
        }
        CFunction.check(result, "unable to set a pipe to non-blocking mode");
        return pipe;
    }

    /** Whether both sides read and write. */
    public boolean isBothWays() {
        return isSocket;
    }

    /** The number of the child's end. */
    public int childEnd() throws IOException {
        return childs.number();
    }

    /** What the child writes. */
    public OpenFileInput input() throws IOException {
        return new OpenFileInput(ours.number(), ours);
    }

    /** What the child reads. */
    public OpenFileOutput output() throws IOException {
        return new OpenFileOutput(ours.number(), ours);
    }

    /** Tells the child that nothing more comes. */
    public void endOutput() throws IOException {
        if (isSocket) {
            int result = Functions.SHUTDOWN.call(ours.number(), SHUT_WR);
            if (result != -Errno.ENOTCONN.number()) {
                CFunction.check(result, "unable to shut down a socket");
            }
        } else {
            ours.close();
        }
    }

    /** Leaves the child's end to the child alone: only then does our reading end with it. */
    public void closeChildEnd() throws IOException {
        childs.close();
    }

    /** One user of our end (of a pipe there is one, of a pair of sockets a reader and a writer) has done with it. */
    public void release() {
        if (users.decrementAndGet() == 0) {
            try {
                ours.close();
            } catch (IOException e) {
                throw new UncheckedIOException("a pipe could not be closed", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            ours.close();
        } finally {
            childs.close();
        }
    }

    private static final class Functions {
        static final CFunction PIPE2 = CFunction.named("pipe2");
        static final CFunction SOCKETPAIR = CFunction.named("socketpair");
        static final CFunction SHUTDOWN = CFunction.named("shutdown");
        static final CFunction FCNTL = CFunction.named("fcntl");
    }
}
