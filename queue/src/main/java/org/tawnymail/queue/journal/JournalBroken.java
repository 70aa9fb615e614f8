package org.tawnymail.queue.journal;

import java.io.IOException;

/**
 * A force failed. Whether what was written before it will survive is unknown, and asking again would get a yes that means
 * nothing (the system has dropped the pages); so nothing more is promised until the next start.
 */
public final class JournalBroken extends IOException {
    JournalBroken(String message, Throwable cause) {
        super(message, cause);
    }

    /** It is known already. */
    public JournalBroken() {
        super("the journal is broken");
    }
}
