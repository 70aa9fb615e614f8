package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A pipe between two other processes, by the numbers of its ends. It is for a process that starts both and then is no more:
 * nothing here closes the ends, and no child inherits them but the one they are handed to.
 *
 * @param readingEnd what is written can be read here
 * @param writingEnd the other end
 */
public record PlainPipe(int readingEnd, int writingEnd) {

    public static PlainPipe make() throws SystemError {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            CFunction.check(
                    CFunction.named("pipe2").call(ends.address(), Descriptor.O_CLOEXEC), "unable to create a pipe");
            return new PlainPipe(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
        }
    }
}
