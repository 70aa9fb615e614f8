package org.tawnymail.queue.journal;

import java.io.IOException;

/** The disk is full, or nearly so: something new was not taken. */
public final class NoRoom extends IOException {
    NoRoom(String message) {
        super(message);
    }

    /** So few bytes are left that the queue leaves them alone. */
    public static NoRoom below(long bytes) {
        return new NoRoom("less than " + bytes + " bytes are left on the disk");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
