package org.tawnymail.queue;

import java.io.IOException;
import java.nio.file.Path;

/** Another process owns the queue. */
public final class QueueInUse extends IOException {

    public QueueInUse(Path queue) {
        super("the queue " + queue + " is in use by another process");
    }
}
