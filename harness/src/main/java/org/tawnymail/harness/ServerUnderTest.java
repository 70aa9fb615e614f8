package org.tawnymail.harness;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A mail server that runs, on a home of its own, until it is closed. */
public interface ServerUnderTest extends AutoCloseable {

    /** Where it takes mail. */
    InetSocketAddress smtp();

    /** Its process. */
    long pid();

    /** An address whose mail goes to {@link #maildir}. */
    String recipient();

    /** Where the mail for {@link #recipient} arrives. */
    Path maildir();

    /** Stops it, and waits for its end. */
    @Override
    void close() throws IOException;
}
