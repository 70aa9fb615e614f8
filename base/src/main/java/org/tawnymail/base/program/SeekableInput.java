package org.tawnymail.base.program;

import java.io.IOException;
import java.io.InputStream;

/**
 * An input that can be read again from its beginning, as qmail promises of descriptor 0 in deliveries (core spec,
 * section 6.5): the programs of one {@code .qmail} file share the position.
 */
public abstract class SeekableInput extends InputStream {

    /** Goes back to the first byte. */
    public abstract void rewind() throws IOException;
}
