package org.tawnymail.queue.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. Reads may be made by many threads at once; writes and forces by one at a time. */
public interface DiskFile extends Closeable {

    long size() throws IOException;

    /**
     * Reads at a position. An interrupt of the reading thread does no harm to the file.
     *
     * @return how many bytes, less than asked for only at the end of the file; 0 behind it
     */
    int read(byte[] into, int offset, int length, long position) throws IOException;

    /** Writes all that remains in a buffer. A file that ends before the position is filled up with zeros. */
    void write(ByteBuffer bytes, long position) throws IOException;

    /** Makes all that was written durable, and the length of the file. */
    void force() throws IOException;
}
