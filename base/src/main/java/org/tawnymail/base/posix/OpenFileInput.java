package org.tawnymail.base.posix;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.program.OpenFile;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.base.program.Timed;

/**
 * Reads a descriptor of this process. Nothing is read ahead: what this did not return, the next holder of the descriptor
 * still finds.
 *
 * <p>Descriptors 0, 1 and 2 are read by the JDK's own means, which spares small programs the foreign-function interface;
 * a number that is open for writing only fails at the first read.
 *
 * <p>For one reader at a time.
 */
public final class OpenFileInput extends SeekableInput implements OpenFile, Timed {

    private final int number;
    private final @Nullable FileInputStream standard;
    private final @Nullable Descriptor descriptor;
    private @Nullable Duration limit;

    /** The input of a number that this process was started with. */
    public OpenFileInput(int number) {
        this.number = number;
        this.standard = StandardDescriptor.of(number).map(FileInputStream::new).orElse(null);
        this.descriptor = standard == null ? new Descriptor(number, false) : null;
    }

    OpenFileInput(int number, Descriptor descriptor) {
        this.number = number;
        this.standard = null;
        this.descriptor = descriptor;
    }

    /** Opens a file such that a child process can be given it as it is, position included. */
    public static OpenFileInput open(Path file) throws IOException {
        Descriptor descriptor = Descriptor.open(file, Descriptor.O_RDONLY, 0);
        return new OpenFileInput(descriptor.number(), descriptor);
    }

    /** The same, but never waits: a named pipe is open at once, although nobody writes to it. */
    public static OpenFileInput openAtOnce(Path file) throws IOException {
        Descriptor descriptor = Descriptor.open(file, Descriptor.O_RDONLY | Descriptor.O_NONBLOCK, 0);
        return new OpenFileInput(descriptor.number(), descriptor);
    }

    /** What the system tells of the open file, whatever its name leads to by now. */
    public FileStatus status() throws IOException {
        return FileStatus.ofOpen(fileNumber());
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
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (descriptor != null) {
            return descriptor.read(to, offset, length, limit);
        }
        if (limit != null && length > 0) {
            Readiness.await(number, Readiness.TO_READ, limit);
        }
        return jdk().read(to, offset, length);
    }

    @Override
    public void rewind() throws IOException {
        if (descriptor != null) {
            descriptor.seek(0, Descriptor.SEEK_SET);
        } else {
            jdk().getChannel().position(0);
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

    /** What this stands on; null for a standard descriptor, which the JDK holds. */
    @Nullable
    Descriptor descriptor() {
        return descriptor;
    }

    private FileInputStream jdk() {
        if (standard == null) {
            throw new AssertionError("neither a descriptor nor a stream");
        }
        return standard;
    }
}
