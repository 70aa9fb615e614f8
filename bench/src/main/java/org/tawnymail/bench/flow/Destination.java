package org.tawnymail.bench.flow;

import java.io.IOException;
import java.time.Instant;

/** Where the messages of a round arrive. */
interface Destination {

    /** How many are there. */
    int count() throws IOException;

    /** When the last one came; the epoch if there is none. */
    Instant last() throws IOException;

    /** Forgets or removes them all, so that the next round begins with none. */
    void clear() throws IOException;
}
