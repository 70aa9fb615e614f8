package org.tawnymail.queue;

import java.util.Optional;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Environment;

/**
 * How every program of ours submits mail (core spec, section 2.6): to the program that {@code QMAILQUEUE} names if it is
 * set, else to what the administrator put in the place of {@code bin/qmail-queue}, else to the queue.
 */
public final class QueueClient {

    private final Home home;
    private final QueuePort queue;
    private final Commands commands;
    private final Optional<String> standIn;

    public QueueClient(Home home, QueuePort queue, Commands commands) {
        this(home, queue, commands, Optional.empty());
    }

    /** @param standIn what stands in the place of {@code bin/qmail-queue}, if that is not ours */
    public QueueClient(Home home, QueuePort queue, Commands commands, Optional<String> standIn) {
        this.home = home;
        this.queue = queue;
        this.commands = commands;
        this.standIn = standIn;
    }

    /**
     * Begins a submission.
     *
     * @param environment that of the submitting program: decides about {@code QMAILQUEUE} and is handed on to it
     * @param origin see {@link QueuePort#begin}
     */
    public Submission begin(Environment environment, QueuePort.Origin origin) {
        return begin(environment, origin, Optional.empty());
    }

    /**
     * Begins a submission of another user's.
     *
     * @param user who submits; nobody if it is whoever this process is
     */
    public Submission begin(Environment environment, QueuePort.Origin origin, Optional<Identity> user) {
        Optional<String> command = environment.get("QMAILQUEUE").or(() -> standIn);
        if (command.isPresent()) {
            return new OutsideSubmission(home, commands, environment, command.get(), user);
        }
        return user.isPresent() ? queue.begin(origin, user.get()) : queue.begin(origin);
    }
}
