package org.tawnymail.base.posix;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * A file without a name, which is gone when it is closed: first written, then read as often as one likes, also by child
 * processes, which share its position (core spec, section 6.5).
 */
public final class ScratchFile implements Closeable {

    private static final int MFD_CLOEXEC = 1;
    private static final int O_TMPFILE = 0x400000 | (CFunction.AARCH64 ? 0x4000 : 0x10000);
    private static final int OWNER_ONLY = 0600;

    private final Descriptor descriptor;
    private final OpenFileInput input;
    private final OpenFileOutput output;

    private ScratchFile(Descriptor descriptor) throws IOException {
        this.descriptor = descriptor;
        this.input = new OpenFileInput(descriptor.number(), descriptor);
        this.output = new OpenFileOutput(descriptor.number(), descriptor);
    }

    /** One that lives in memory: for small contents only. */
    public static ScratchFile inMemory() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int number = Functions.MEMFD_CREATE.call(CFunction.string(arena, "tawny"), MFD_CLOEXEC);
            return new ScratchFile(new Descriptor(CFunction.check(number, "unable to create a file in memory"), false));
        }
    }

    /** One that lives on the file system of a directory. */
    public static ScratchFile on(Path directory) throws IOException {
        return new ScratchFile(Descriptor.open(directory, O_TMPFILE | Descriptor.O_RDWR, OWNER_ONLY));
    }

    /** Reads from the position that all share; {@link OpenFileInput#rewind} goes back to the first octet. */
    public OpenFileInput input() {
        return input;
    }

    /** Writes at the position that all share. */
    public OpenFileOutput output() {
        return output;
    }

    @Override
    public void close() throws IOException {
        descriptor.close();
    }

    private static final class Functions {
        static final CFunction MEMFD_CREATE = CFunction.named("memfd_create");
    }
}
