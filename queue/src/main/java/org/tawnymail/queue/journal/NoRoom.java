package org.tawnymail.queue.journal;

import java.io.IOException;

/** The disk is full, or nearly so: an awaited record was not taken. */
public final class NoRoom extends IOException {
    NoRoom(String message) {
        super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
