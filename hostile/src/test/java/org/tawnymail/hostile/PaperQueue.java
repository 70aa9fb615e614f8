package org.tawnymail.hostile;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Environment;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;

/** A queue that keeps what it accepts in memory, on a machine where no command can be run. */
public final class PaperQueue implements QueuePort {

    /** One message that was accepted. */
    public record Queued(String sender, List<String> recipients, String message) {}

    /** A machine on which nothing can be run. */
    public static final Commands NO_COMMANDS = new Commands() {
        @Override
        public Running start(Call call) throws CommandNotRun {
            throw new CommandNotRun("file does not exist", false);
        }

        @Override
        public Running start(Call call, Identity identity) throws CommandNotRun {
            throw new CommandNotRun("file does not exist", false);
        }

        @Override
        public boolean isOurs(String name, Environment environment) {
            return false;
        }
    };

    private final List<Queued> queued = new ArrayList<>();

    /** What was accepted, in order. */
    public List<Queued> queued() {
        return queued;
    }

    /** The way to it that programs take. */
    public QueueClient client(Home home) {
        return new QueueClient(home, this, NO_COMMANDS);
    }

    @Override
    public Submission begin(Origin origin) {
        return new Submission() {
            private final ByteArrayOutputStream message = new ByteArrayOutputStream();

            @Override
            public OutputStream message() {
                return message;
            }

            @Override
            public QueueResult commit(String sender, Iterable<String> recipients) {
                List<String> all = new ArrayList<>();
                recipients.forEach(all::add);
                queued.add(new Queued(sender, all, Octets.text(message.toByteArray())));
                return new QueueResult.Accepted(queued.size());
            }

            @Override
            public void close() {
                // What was not committed is forgotten.
            }
        };
    }
}
