package org.tawnymail.queue;

import java.util.Optional;
import java.util.function.Supplier;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;

/**
 * How every program of ours submits mail (core spec, section 2.6): to the program that {@code QMAILQUEUE} names if it is
 * set, else to what the administrator put in the place of {@code bin/qmail-queue}, else to the queue.
 */
public final class QueueClient {

    private final Home home;
    private final QueuePort queue;
    private final Commands commands;
    private final Supplier<Optional<String>> standIn;

    public QueueClient(Home home, QueuePort queue, Commands commands) {
        this(home, queue, commands, Optional::empty);
    }

    /** @param standIn asked at each submission: what stands in the place of {@code bin/qmail-queue}, if that is not ours */
    public QueueClient(Home home, QueuePort queue, Commands commands, Supplier<Optional<String>> standIn) {
        this.home = home;
        this.queue = queue;
        this.commands = commands;
        this.standIn = standIn;
    }

    /**
     * Begins a submission of a program's.
     *
     * @param caller the call of the program: its environment decides about {@code QMAILQUEUE}, and what that names gets the
     *     environment and all descriptors but 0, 1 and 6
     * @param origin see {@link QueuePort#begin}
     */
    public Submission begin(Call caller, QueuePort.Origin origin) {
        return begin(caller.environment(), caller.descriptors(), origin, Optional.empty());
    }

    /** Begins a submission of somebody's who has no descriptors to hand on. */
    public Submission begin(Environment environment, QueuePort.Origin origin) {
        return begin(environment, Descriptors.none(), origin, Optional.empty());
    }

    /**
     * Begins a submission of another user's.
     *
     * @param user who submits; nobody if it is whoever this process is
     */
    public Submission begin(
            Environment environment, Descriptors descriptors, QueuePort.Origin origin, Optional<Identity> user) {
        Optional<String> command = environment.get("QMAILQUEUE").or(standIn);
        if (command.isPresent()) {
            return new OutsideSubmission(home, commands, environment, descriptors, command.get(), user);
        }
        return user.isPresent() ? queue.begin(origin, user.get()) : queue.begin(origin);
    }
}
