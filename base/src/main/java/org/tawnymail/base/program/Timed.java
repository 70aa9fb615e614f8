package org.tawnymail.base.program;

import java.time.Duration;

/**
 * A stream whose every read or write can be given a limit, as a connection's can. An operation that takes longer fails
 * with {@link java.net.SocketTimeoutException}.
 */
public interface Timed {

    /** Sets the limit of each operation from now on. */
    void timeout(Duration limit);
}
