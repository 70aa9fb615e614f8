package org.tawnymail.queue;

import java.io.OutputStream;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Environment;

/** A submission to the program that {@code QMAILQUEUE} names. */
final class OutsideSubmission implements Submission {

    OutsideSubmission(Home home, Commands commands, Environment environment, String command) {
        throw new IllegalStateException("unwritten: " + command);
    }

    @Override
    public OutputStream message() {
        throw new IllegalStateException("unwritten");
    }

    @Override
    public QueueResult commit(String sender, Iterable<String> recipients) {
        throw new IllegalStateException("unwritten");
    }

    @Override
    public void close() {}
}
