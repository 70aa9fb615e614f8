package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Both ends of a pipe of the system; neither is inherited by child processes unless handed to them. */
final class PipePair implements Closeable {

    private final Descriptor readEnd;
    private final Descriptor writeEnd;

    private PipePair(Descriptor readEnd, Descriptor writeEnd) {
        this.readEnd = readEnd;
        this.writeEnd = writeEnd;
    }

    static PipePair open() throws SystemError {
        return open(false, false);
    }

    /** An end in non-blocking mode is for this process alone: its streams then need not ask before they read or write. */
    static PipePair open(boolean nonBlockingRead, boolean nonBlockingWrite) throws SystemError {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            CFunction.check(Functions.PIPE2.call(ends.address(), Descriptor.O_CLOEXEC), "unable to create a pipe");
            int read = ends.getAtIndex(JAVA_INT, 0);
            int write = ends.getAtIndex(JAVA_INT, 1);
            if (nonBlockingRead) {
                Functions.FCNTL.call(read, Functions.F_SETFL, Descriptor.O_NONBLOCK);
            }
            if (nonBlockingWrite) {
                Functions.FCNTL.call(write, Functions.F_SETFL, Descriptor.O_NONBLOCK);
            }
            return new PipePair(new Descriptor(read, nonBlockingRead), new Descriptor(write, nonBlockingWrite));
        }
    }

    int readEnd() throws IOException {
        return readEnd.number();
    }

    int writeEnd() throws IOException {
        return writeEnd.number();
    }

    OpenFileInput input() throws IOException {
        return new OpenFileInput(readEnd.number(), readEnd);
    }

    OpenFileOutput output() throws IOException {
        return new OpenFileOutput(writeEnd.number(), writeEnd);
    }

    void closeReadEnd() throws IOException {
        readEnd.close();
    }

    void closeWriteEnd() throws IOException {
        writeEnd.close();
    }

    @Override
    public void close() throws IOException {
        try {
            readEnd.close();
        } finally {
            writeEnd.close();
        }
    }

    private static final class Functions {
        static final int F_SETFL = 4;
        static final CFunction PIPE2 = CFunction.named("pipe2");
        static final CFunction FCNTL = CFunction.named("fcntl");
    }
}
