package org.tawnymail.queue;

import java.io.IOException;

/**
 * What the queue holds of a message is not what was accepted, and no other try will change that. The text names the message
 * and the place.
 */
public final class DamagedMessage extends IOException {

    public DamagedMessage(long message, String what) {
        super("message " + message + " is damaged: " + what);
    }
}
