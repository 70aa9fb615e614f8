package org.tawnymail.queue;

import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Environment;

/**
 * How every program of ours submits mail (core spec, section 2.6): to the program that {@code QMAILQUEUE} names if it is
 * set, else to the queue.
 */
public final class QueueClient {

    private final Home home;
    private final QueuePort queue;
    private final Commands commands;

    public QueueClient(Home home, QueuePort queue, Commands commands) {
        this.home = home;
        this.queue = queue;
        this.commands = commands;
    }

    /**
     * Begins a submission.
     *
     * @param environment that of the submitting program: decides about {@code QMAILQUEUE} and is handed on to it
     * @param origin see {@link QueuePort#begin}
     */
    public Submission begin(Environment environment, QueuePort.Origin origin) {
        return environment
                .get("QMAILQUEUE")
                .<Submission>map(command -> new OutsideSubmission(home, commands, environment, command))
                .orElseGet(() -> queue.begin(origin));
    }
}
