package org.tawnymail.queue.door;

import java.io.IOException;
import java.io.OutputStream;
import org.tawnymail.queue.QueueResult;

/** Where a {@link WireSubmission} is written: a connection or a file. */
interface Wire {

    /** Opens a wire for one submission. */
    @FunctionalInterface
    interface Opener {
        Wire open() throws IOException;
    }

    /** Takes the bytes. */
    OutputStream out();

    /** Everything is written: the answer. */
    QueueResult finish() throws IOException;

    /** What the submitter is told when it breaks. */
    String trouble();

    /** Gives the submission up, or lets go of what is finished. */
    void close();
}
