package org.tawnymail.base.posix;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.program.OpenFile;
import org.tawnymail.base.program.Timed;

/**
 * Writes a descriptor of this process, each call at once: there is no buffer.
 *
 * <p>For one writer at a time.
 */
public final class OpenFileOutput extends OutputStream implements OpenFile, Timed {

    private final int number;
    private final @Nullable FileOutputStream standard;
    private final @Nullable Descriptor descriptor;
    private @Nullable Duration limit;

    /** The output of a number that this process was started with. */
    public OpenFileOutput(int number) {
        this.number = number;
        this.standard = StandardDescriptor.of(number).map(FileOutputStream::new).orElse(null);
        this.descriptor = standard == null ? new Descriptor(number, false) : null;
    }

    OpenFileOutput(int number, Descriptor descriptor) {
        this.number = number;
        this.standard = null;
        this.descriptor = descriptor;
    }

    /**
     * Opens a file or device that exists, to write at its end, never waiting for it to be opened; a terminal does not become
     * that of this process.
     */
    public static OpenFileOutput toExisting(Path path) throws SystemError {
        int flags = Descriptor.O_WRONLY | Descriptor.O_APPEND | Descriptor.O_NONBLOCK | Descriptor.O_NOCTTY;
        Descriptor opened = Descriptor.open(path, flags, 0);
        return new OpenFileOutput(opened.numberToHandOn(), opened);
    }

    /** The other direction of a number that is open both ways; closing either closes both. */
    public static OpenFileOutput sameAs(OpenFileInput input) {
        Descriptor shared = input.descriptor();
        return shared == null ? new OpenFileOutput(input.fileNumber()) : new OpenFileOutput(input.fileNumber(), shared);
    }

    @Override
    public int fileNumber() {
        return descriptor == null ? number : descriptor.numberToHandOn();
    }

    @Override
    public void timeout(Duration changed) {
        limit = changed;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        if (descriptor != null) {
            descriptor.write(from, offset, length, limit);
            return;
        }
        Duration bound = limit;
        if (bound == null) {
            jdk().write(from, offset, length);
            return;
        }
        for (int next = offset; next < offset + length; next += Descriptor.BUFFER_SIZE) {
            Readiness.await(number, Readiness.TO_WRITE, bound);
            jdk().write(from, next, Math.min(Descriptor.BUFFER_SIZE, offset + length - next));
        }
    }

    @Override
    public void close() throws IOException {
        if (descriptor != null) {
            descriptor.close();
        } else {
            jdk().close();
        }
    }

    private FileOutputStream jdk() {
        if (standard == null) {
            throw new AssertionError("neither a descriptor nor a stream");
        }
        return standard;
    }
}
