package org.tawnymail.base.program;

import java.time.Duration;
import org.tawnymail.base.posix.Identity;

/**
 * Runs commands: our own programs inside this process, any other executable as a child process with the same
 * descriptors.
 *
 * <p>A name without a slash that is one of ours is ours, unless a directory of {@code PATH} that stands before our own
 * holds another. A name with a slash is ours if it leads to our launcher ({@code /var/qmail/bin/forward}), else it is
 * that file; a name without one is looked for in {@code PATH} as the companions spec, section 0.4 says.
 */
public interface Commands {

    /**
     * Starts a command.
     *
     * @throws CommandNotRun if there is no such command or it cannot be run
     */
    Running start(Call call) throws CommandNotRun;

    /**
     * Starts a command as somebody: a child process is that user from its first instruction on. A program of ours runs
     * inside this process only if the process itself is that user; else it becomes a child process too.
     *
     * @throws CommandNotRun if there is no such command, it cannot be run, or this process may not become that user
     */
    Running start(Call call, Identity identity) throws CommandNotRun;

    /** Whether the command is one of our own programs, which then costs no child process. */
    boolean isOurs(String name, Environment environment);

    /** Starts a command and waits until it has ended. */
    default Ending run(Call call) throws CommandNotRun {
        return start(call).await();
    }

    /** A command under way. */
    interface Running {

        /**
         * Waits for the end of the command and of everything that joins it to the caller's streams: when this returns,
         * all that it wrote is in them. If the waiting thread is interrupted, the command is killed, and it still waits.
         */
        Ending await();

        /** Waits likewise, but kills it when it takes longer than that: one that hangs would hold its place for ever. */
        default Ending await(Duration longest) {
            Thread limit = Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(longest);
                    kill();
                } catch (InterruptedException ended) {
                    // The command ended by itself, as nearly all do.
                }
            });
            try {
                return await();
            } finally {
                limit.interrupt();
            }
        }

        /** The process id of a child process; the number of the call of a program of ours. */
        long pid();

        /** Kills it: SIGKILL to a child process, an interrupt to a program of ours. */
        void kill();
    }
}
