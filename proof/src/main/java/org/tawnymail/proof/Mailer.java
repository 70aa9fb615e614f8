package org.tawnymail.proof;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Environment;
import org.tawnymail.local.mailbox.MailboxFlush;
import org.tawnymail.proof.disk.DiskOfProcess;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.door.DropIntake;
import org.tawnymail.queue.journal.JournalLimits;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;
import org.tawnymail.send.QmailSend;

/**
 * A mail system as one process on a recording disk: the queue and its door, qmail-send, deliveries to mailboxes. Only the
 * control files are real files, which nothing writes to.
 */
final class Mailer implements AutoCloseable {

    /** Small segments, so that a scenario of some dozen messages fills and empties several. */
    private static final JournalLimits SMALL = new JournalLimits(8 << 10, 16 << 10, 2);

    /** Longer messages get a file of their own. */
    static final int LARGEST_INLINE = 2048;

    /** Bytes of fresh records in memory: few, so that much is read back. */
    private static final int FRESH = 4096;

    private static final int UID = 42;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DiskOfProcess disk;
    private final History history;
    private final boolean answersEarly;
    private final JournalQueue queue;
    private final Consumer<String> log;
    private final MailboxFlush flush = new MailboxFlush();
    private final QmailSend send;
    private final DropIntake intake;
    private final List<Thread> answered = Collections.synchronizedList(new ArrayList<>());

    /**
     * What a mail system is told at its start.
     *
     * @param controls the control files
     * @param mistake what it does wrong
     * @param clock the time
     * @param random for what is secret
     * @param log gets what the queue and the deliveries say
     */
    record Surroundings(
            Home controls, Mistake mistake, InstantSource clock, RandomGenerator random, Consumer<String> log) {}

    /**
     * @param number of the process, in the names of files in Maildirs
     * @param watch gets the delivery log
     */
    Mailer(Surroundings around, DiskOfProcess disk, History history, long number, OutputStream watch)
            throws IOException {
        this.disk = disk;
        this.history = history;
        this.log = around.log;
        this.answersEarly = around.mistake == Mistake.ACKNOWLEDGED_BEFORE_FORCE;
        this.queue = openQueue(disk, around.clock, around.random, log);
        this.intake = DropIntake.of(Scenario.QUEUE, queue::begin, disk, around.clock, log);
        Deliveries deliveries = new Deliveries(disk, flush, history, around.clock, number, log);
        this.send = new QmailSend(
                queue,
                new QueueClient(around.controls, queue, new NoCommands()),
                around.controls.controls(),
                Map.of(
                        Channel.LOCAL, (_, message, sender, recipient) -> deliveries.local(message, sender, recipient),
                        Channel.REMOTE, (_, message, _, recipient) -> deliveries.remote(message, recipient)),
                around.clock,
                watch,
                Environment.empty());
        send.start();
    }

    static JournalQueue openQueue(Disk disk, InstantSource clock, RandomGenerator random, Consumer<String> log)
            throws IOException {
        QueueOptions options = new QueueOptions(SMALL, LARGEST_INLINE, FRESH, Long.MAX_VALUE, UID, List.of());
        return JournalQueue.open(Scenario.QUEUE, options, clock, disk, random, log);
    }

    QmailSend send() {
        return send;
    }

    int waiting() {
        return queue.messages().size();
    }

    /** Gets space back in the journal now. */
    void clean() {
        try {
            queue.clean();
        } catch (IOException trouble) {
            log.accept("queue: " + trouble.getMessage());
        }
    }

    /** Takes in what waits in the drop directory. */
    void takeIn() {
        intake.run(() -> false);
    }

    /** Submits a letter to the queue itself. */
    void submit(Letter letter) {
        history.offer(letter);
        if (answersEarly) {
            answered.add(Thread.ofVirtual().start(() -> submit(letter, queue)));
            history.accept(letter, 0);
        } else if (submit(letter, queue) instanceof QueueResult.Accepted(long qp)) {
            history.accept(letter, qp);
        }
    }

    /** Submits some letters at the same moment, so that they may share a force. */
    void submitTogether(List<Letter> letters) {
        List<Thread> submitters = new ArrayList<>();
        for (Letter letter : letters) {
            submitters.add(Thread.ofVirtual().start(() -> submit(letter)));
        }
        try {
            for (Thread submitter : submitters) {
                submitter.join();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Submits a letter. */
    static QueueResult submit(Letter letter, QueuePort port) {
        try (Submission submission = port.begin(QueuePort.Origin.USER)) {
            submission.message().write(Octets.of(letter.text()));
            return submission.commit(letter.sender(), letter.recipients());
        } catch (IOException never) {
            throw new IllegalStateException("a submission's stream never fails", never);
        }
    }

    /** An orderly end, or what is left of it for a process that was killed. */
    @Override
    public void close() {
        try {
            for (Thread thread : answered) {
                thread.join();
            }
            send.terminate(PATIENCE);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        flush.close();
        try {
            queue.close();
        } catch (IOException broken) {
            // A disk that fails fails here too; what counts is what the next start finds.
            log.accept("queue: " + broken.getMessage());
        }
    }

    boolean isKilled() {
        return disk.isKilled();
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
