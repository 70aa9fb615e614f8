package org.tawnymail.base.program;

import java.io.IOException;
import java.util.Optional;

/**
 * A stream on an open file whose number the JDK keeps to itself, a connection above all. It can be lent to a child process as it
 * is, so that the child has the socket itself and not a pipe.
 */
public interface Lendable {

    /**
     * Lends the open file. Until the lease is closed this process must not use the stream.
     *
     * @return nothing if it cannot be lent: then a pipe joins the child to the stream
     */
    Optional<Lease> lend() throws IOException;

    /** The open file, by a number that is valid until the lease is closed. */
    interface Lease extends OpenFile, AutoCloseable {

        /** Takes it back. What the child and its own children still hold stays open for them. */
        @Override
        void close();
    }
}
