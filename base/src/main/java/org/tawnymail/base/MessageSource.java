package org.tawnymail.base;

import java.io.IOException;
import org.tawnymail.base.program.SeekableInput;

/**
 * The bytes of one message as they lie in the queue: the {@code Received} line of qmail-queue, the header, the body;
 * lines end with LF.
 *
 * <p>May be opened any number of times, from any thread. The bytes never change.
 */
public interface MessageSource {

    /** The number of bytes. */
    long size();

    /** A fresh reading of the message from its first byte; the caller closes it. */
    SeekableInput open() throws IOException;
}
