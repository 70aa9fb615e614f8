package org.tawnymail.queue.disk;

import java.io.IOException;
import org.tawnymail.base.program.SeekableInput;

/** A file as an input, from its beginning; it is closed with it. */
public final class FileInput extends SeekableInput {

    /** Reads at a position, as {@link DiskFile#read} does. */
    private interface Reader {
        int read(byte[] into, int offset, int length, long position) throws IOException;
    }

    private final DiskFile file;
    private final Reader reader;
    private long position;

    private FileInput(DiskFile file, Reader reader) {
        this.file = file;
        this.reader = reader;
    }

    public static FileInput of(DiskFile file) {
        return new FileInput(file, file::read);
    }

    /** The same, with zeros for blocks that the disk cannot read. */
    public static FileInput ofWhatCanBeRead(DiskFile file) {
        return new FileInput(file, new ReadableParts(file)::read);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int got = reader.read(into, offset, length, position);
        position += got;
        return got == 0 && length > 0 ? -1 : got;
    }

    @Override
    public void rewind() {
        position = 0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
