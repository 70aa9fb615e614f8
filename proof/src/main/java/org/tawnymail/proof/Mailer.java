package org.tawnymail.proof;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.local.mailbox.MailboxFlush;
import org.tawnymail.local.mailbox.Maildir;
import org.tawnymail.local.mailbox.MaildirNames;
import org.tawnymail.local.mailbox.Mbox;
import org.tawnymail.local.mailbox.MessageBytes;
import org.tawnymail.proof.disk.RecordingDisk;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.journal.JournalLimits;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;
import org.tawnymail.send.QmailSend;

/**
 * A mail system on a recording disk: the queue, qmail-send, deliveries to mailboxes. Only the control files are real files,
 * which nothing writes to.
 */
final class Mailer implements AutoCloseable {

    /** Small segments, so that a scenario of some dozen messages fills and empties several. */
    private static final JournalLimits SMALL = new JournalLimits(8 << 10, 16 << 10, 2);

    /** Longer messages get a file of their own. */
    static final int LARGEST_INLINE = 2048;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RecordingDisk disk;
    private final History history;
    private final JournalQueue queue;
    private final Consumer<String> trouble;
    private final MailboxFlush flush = new MailboxFlush();
    private final Maildir maildir;
    private final Mbox mbox;
    private final QmailSend send;

    /** Letters whose recipient was put off once already. */
    private final Set<String> tried = ConcurrentHashMap.newKeySet();

    /**
     * @param start distinguishes the names of files in Maildirs from those of an earlier start
     * @param log gets the delivery log
     * @param trouble gets what the queue says
     */
    Mailer(
            Home controls,
            RecordingDisk disk,
            History history,
            InstantSource clock,
            int start,
            RandomGenerator random,
            OutputStream log,
            Consumer<String> trouble)
            throws IOException {
        this.disk = disk;
        this.history = history;
        this.trouble = trouble;
        this.queue = openQueue(disk, clock, random, trouble);
        this.maildir = new Maildir(disk.mailboxes(), flush, new MaildirNames(clock, start, "host"), trouble);
        this.mbox = new Mbox(disk.mailboxes(), flush, trouble);
        this.send = new QmailSend(
                queue,
                new QueueClient(controls, queue, new NoCommands()),
                controls.controls(),
                Map.of(
                        Channel.LOCAL, (_, message, sender, recipient) -> deliver(message, sender, recipient),
                        Channel.REMOTE, (_, message, _, recipient) -> handOver(message, recipient)),
                clock,
                log,
                Environment.empty());
        send.start();
    }

    static JournalQueue openQueue(
            RecordingDisk disk, InstantSource clock, RandomGenerator random, Consumer<String> trouble)
            throws IOException {
        QueueOptions options = new QueueOptions(SMALL, LARGEST_INLINE, 4096, Long.MAX_VALUE, 42, List.of());
        return JournalQueue.open(Scenario.QUEUE, options, clock, disk, random, trouble);
    }

    QmailSend send() {
        return send;
    }

    List<Long> messages() {
        return queue.messages();
    }

    /** Gets space back in the journal now. */
    void clean() throws IOException {
        queue.clean();
    }

    /** Submits a letter; the history notes it if it was accepted. */
    void submit(Letter letter) {
        history.offer(letter);
        try (Submission submission = queue.begin(QueuePort.Origin.USER)) {
            submission.message().write(Octets.of(letter.text()));
            if (submission.commit(letter.sender(), letter.recipients()) instanceof QueueResult.Accepted) {
                history.accept(letter);
            }
        } catch (IOException never) {
            throw new IllegalStateException("a submission's stream never fails", never);
        }
    }

    private Outcome deliver(MessageSource message, String sender, String recipient) {
        String local = recipient.substring(0, recipient.lastIndexOf('@'));
        if (local.startsWith("nobody")) {
            return new Outcome.Failed("Sorry, no mailbox here by that name. (#5.1.1)\n");
        }
        try (SeekableInput opened = message.open()) {
            MessageBytes bytes = MessageBytes.of(message, opened);
            if (local.startsWith("late") && tried.add(recipient + letterIn(message))) {
                return new Outcome.Deferred("not yet\n");
            }
            String head = "Return-Path: <" + sender + ">\nDelivered-To: " + recipient + "\n";
            if (local.startsWith("mbox")) {
                Path file = Scenario.MBOXES.get(Math.floorMod(local.hashCode(), Scenario.MBOXES.size()));
                mbox.deliver("./" + local, file, Octets.of("From someone Fri Mar 07 09:04:05 2025\n" + head), bytes);
            } else {
                Path directory = Scenario.MAILDIRS.get(Math.floorMod(local.hashCode(), Scenario.MAILDIRS.size()));
                maildir.deliver(directory, Octets.of(head), bytes);
            }
            return new Outcome.Delivered("did 1+0+0\n");
        } catch (Complaint deferred) {
            return new Outcome.Deferred(deferred.line() + "\n");
        } catch (IOException unreadable) {
            return new Outcome.Deferred("unable to open message\n");
        }
    }

    /** The other host: it takes a letter or not yet, and what it has taken it keeps. */
    private Outcome handOver(MessageSource message, String recipient) {
        try {
            int letter = letterIn(message);
            if (recipient.startsWith("busy") && tried.add(recipient + letter)) {
                return new Outcome.Deferred("Connected to 192.0.2.1 but greeting failed.\n");
            }
            history.handOver(letter, recipient);
            return new Outcome.Delivered("192.0.2.1 accepted message.\n");
        } catch (IOException unreadable) {
            return new Outcome.Deferred("unable to open message\n");
        }
    }

    private static int letterIn(MessageSource message) throws IOException {
        try (var in = message.open()) {
            String text = Octets.text(in.readAllBytes());
            int at = text.indexOf(Letter.HEADER) + Letter.HEADER.length();
            return Integer.parseInt(text.substring(at, text.indexOf('\n', at)));
        }
    }

    /** An orderly end. */
    @Override
    public void close() {
        try {
            send.terminate(PATIENCE);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        flush.close();
        try {
            queue.close();
        } catch (IOException broken) {
            // A disk that fails fails here too; what counts is what the next start finds.
            trouble.accept("queue: " + broken.getMessage());
        }
    }

    int operations() {
        return disk.operations();
    }

    /** There are no programs on a disk in memory. */
    private static final class NoCommands implements Commands {

        @Override
        public Running start(Call call) throws CommandNotRun {
            throw new CommandNotRun("file does not exist", false);
        }

        @Override
        public Running start(Call call, Identity identity) throws CommandNotRun {
            return start(call);
        }

        @Override
        public boolean isOurs(String name, Environment environment) {
            return false;
        }
    }
}
