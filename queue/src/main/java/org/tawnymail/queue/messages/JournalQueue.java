package org.tawnymail.queue.messages;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Envelope;
import org.tawnymail.queue.Queue;
import org.tawnymail.queue.QueueInUse;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.LocalDisk;
import org.tawnymail.queue.journal.GroupCommit;
import org.tawnymail.queue.journal.SegmentJournal;
import org.tawnymail.queue.journal.SetAside;

/**
 * The queue in the process that owns it. One at a time for a queue directory: a lock sees to that.
 *
 * <p>A submission costs one append and its share of a force; nothing of it is read back if it is delivered soon. Marks
 * cost an append that nobody waits for, and change what is in memory even if the disk takes them no more: at worst a
 * delivery is repeated after a crash.
 */
public final class JournalQueue implements Queue, QueuePort, AutoCloseable {

    private final int uid;
    private final Disk.Lock owner;
    private final Disk disk;
    private final SetAside aside;
    private final Consumer<String> log;
    private final SegmentJournal journal;
    private final LargeFiles files;
    private final MessageTable table;
    private final GroupCommit writer;
    private final Changes changes;
    private final Cleaner cleaner;
    private final RoutingRecords routings;
    private final Acceptance acceptance;
    private final AdoptedMessages adopted;

    private JournalQueue(
            QueueOptions options,
            InstantSource clock,
            Consumer<String> log,
            Disk disk,
            Path queue,
            Disk.Lock owner,
            SegmentJournal journal,
            MessageTable table,
            LargeFiles files) {
        this.uid = options.uid();
        this.disk = disk;
        this.aside = new SetAside(disk, queue);
        this.log = log;
        this.owner = owner;
        this.journal = journal;
        this.files = files;
        this.table = table;
        this.writer = new GroupCommit(journal, log);
        this.changes = new Changes(writer, table, new FreshRecords(options.freshBytes()), files, log);
        this.cleaner = new Cleaner(journal, table, changes, writer, log);
        this.routings = new RoutingRecords(journal, files, changes);
        this.acceptance = new Acceptance(options, clock, journal.numbers(), files, table, writer, changes, log);
        InheritedState inherited = new InheritedState(journal, files, changes, routings);
        this.adopted = new AdoptedMessages(new AdoptionNote(disk, queue), inherited, table, journal, log);
    }

    /** Opens the queue on this machine's disk with the usual limits. */
    public static JournalQueue open(Path queue, QueueOptions options, InstantSource clock, Consumer<String> log)
            throws IOException {
        return open(queue, options, clock, new LocalDisk(), new SecureRandom(), log);
    }

    /**
     * Opens the queue: takes the lock, replays the journal, and is ready. A queue that does not exist is made.
     *
     * @param queue the queue directory
     * @param random for the secret salt of a new queue
     * @param log takes one line for each thing that an operator should know
     * @throws QueueInUse if another process (or another object of this one) owns it
     * @throws IOException if the directory cannot be made or read at all
     */
    public static JournalQueue open(
            Path queue,
            QueueOptions options,
            InstantSource clock,
            Disk disk,
            RandomGenerator random,
            Consumer<String> log)
            throws IOException {
        disk.makeDirectory(queue);
        Path locks = queue.resolve("lock");
        disk.makeDirectory(locks);
        Disk.Lock owner = disk.lock(locks.resolve("sendmutex")).orElseThrow(() -> new QueueInUse(queue));
        try {
            SegmentJournal journal = SegmentJournal.own(disk, queue, options.journal(), random, log);
            LargeFiles files = new LargeFiles(disk, queue, options.journal().leftAlone());
            files.make();
            MessageTable table = new MessageTable();
            journal.replay(table);
            boolean isDurable = journal.settle();
            files.agreeWith(table, isDurable && journal.isWhole(), new SetAside(disk, queue), log);
            JournalQueue opened = new JournalQueue(options, clock, log, disk, queue, owner, journal, table, files);
            journal.open();
            opened.writer.start();
            opened.adopted.resume();
            opened.cleaner.start();
            return opened;
        } catch (IOException | RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    // ---- QueuePort

    @Override
    public Submission begin(Origin origin) {
        return acceptance.begin(origin, uid);
    }

    @Override
    public Submission begin(Origin origin, Identity user) {
        return acceptance.begin(origin, user.uid());
    }

    /**
     * Begins a submission of somebody else.
     *
     * @param uid the user id of the submitter, as the system vouches for it
     */
    public Submission begin(Origin origin, int uid) {
        return acceptance.begin(origin, uid);
    }

    // ---- Adoption of an old queue

    /**
     * Begins to take in the messages of an old qmail queue, or goes on where that was interrupted. Only before {@link #start}:
     * what is being adopted must not be delivered before its old files are gone.
     */
    public Adoption adoption() throws IOException {
        return adopted.adoption(acceptance);
    }

    // ---- Queue

    @Override
    public void start(Arrivals listener) {
        acceptance.start(listener);
    }

    @Override
    public Envelope envelope(long number) throws IOException {
        return record(message(number)).envelope();
    }

    @Override
    public MessageSource content(long number) throws IOException {
        QueuedMessage message = message(number);
        return new StoredMessage(message, record(message).size(), journal, files, log);
    }

    private AcceptedRecord record(QueuedMessage message) throws IOException {
        return AcceptedRecord.of(message, journal);
    }

    @Override
    public boolean isRouted(long number) throws IOException {
        QueuedMessage message = message(number);
        adopted.unfold(message);
        synchronized (message) {
            return message.isRouted();
        }
    }

    @Override
    public void route(long number, Function<String, Routing> decision) throws IOException {
        QueuedMessage message = message(number);
        AcceptedRecord record = record(message);
        synchronized (message) {
            if (!living(message).isRouted()) {
                routings.route(message, record, decision);
            }
        }
    }

    @Override
    public RecipientPage recipients(long number, Channel channel, long from, int limit) throws IOException {
        QueuedMessage message = message(number);
        synchronized (message) {
            return routings.page(message, channel, from, limit);
        }
    }

    @Override
    public int remaining(long number, Channel channel) throws IOException {
        QueuedMessage message = message(number);
        synchronized (message) {
            return message.remaining(channel);
        }
    }

    @Override
    public void done(long number, int recipient) throws IOException {
        QueuedMessage message = message(number, recipient);
        synchronized (message) {
            if (living(message).markDone(recipient)) {
                changes.mark(message, MarkRecords.done(number, recipient));
            }
        }
    }

    @Override
    public void done(long number, int[] recipients) throws IOException {
        QueuedMessage message = message(number);
        for (int recipient : recipients) {
            check(message, recipient);
        }
        synchronized (message) {
            living(message);
            for (int recipient : recipients) {
                message.markDone(recipient);
            }
            MarkRecords.doneMany(number, recipients).forEach(record -> changes.mark(message, record));
        }
    }

    @Override
    public void failed(long number, int recipient, String text) throws IOException {
        QueuedMessage message = message(number, recipient);
        synchronized (message) {
            if (living(message).isDone(recipient)) {
                return;
            }
            int piece = bounce(message, Octets.of(text));
            message.failed(recipient, message.bounceEpoch(), piece);
            changes.mark(
                    message, MarkRecords.failed(number, message.bounceEpoch(), List.of(Map.entry(piece, recipient))));
        }
    }

    /** Appends bounce text and returns the number of its first piece. */
    private int bounce(QueuedMessage message, byte[] text) {
        int first = message.bounceText().isEmpty()
                ? 0
                : message.bounceText().getLast().index() + 1;
        int next = first;
        int at = 0;
        do {
            int length = Math.min(MarkRecords.PART, text.length - at);
            byte[] record = MarkRecords.bounce(message.number, message.bounceEpoch(), next, text, at, length);
            Piece piece = new Piece(next, record, record.length);
            message.addBounce(piece);
            changes.add(message, piece, record);
            at += length;
            next++;
        } while (at < text.length);
        return first;
    }

    @Override
    public Optional<MessageSource> bounceText(long number) throws IOException {
        QueuedMessage message = message(number);
        synchronized (message) {
            List<Piece> pieces = message.bounceText();
            return pieces.isEmpty() ? Optional.empty() : Optional.of(new BounceText(pieces, journal));
        }
    }

    @Override
    public void bounceSent(long number) throws IOException {
        QueuedMessage message = message(number);
        synchronized (message) {
            if (!living(message).bounceText().isEmpty()) {
                int epoch = message.bounceEpoch();
                message.forgetBounce(epoch);
                changes.mark(message, MarkRecords.bounceSent(number, epoch));
            }
        }
    }

    @Override
    public void due(long number, Channel channel, Instant when) throws IOException {
        QueuedMessage message = message(number);
        synchronized (message) {
            if (living(message).due(channel) != when.getEpochSecond()) {
                message.due(channel, when.getEpochSecond());
                changes.mark(message, MarkRecords.due(number, channel, when.getEpochSecond()));
            }
        }
    }

    @Override
    public OptionalLong due(long number, Channel channel) throws IOException {
        QueuedMessage message = message(number);
        synchronized (message) {
            long due = message.due(channel);
            return due == QueuedMessage.NOT_NOTED ? OptionalLong.empty() : OptionalLong.of(due);
        }
    }

    @Override
    public void finish(long number) throws IOException {
        QueuedMessage message = message(number);
        synchronized (message) {
            if (living(message).isTextDamaged()) {
                setAside(message, "all its recipients are done");
            }
            remove(message);
        }
    }

    @Override
    public void setAside(long number, String why) throws IOException {
        QueuedMessage message = message(number);
        synchronized (message) {
            setAside(living(message), why);
            remove(message);
        }
    }

    /** Keeps what can be read of it for the operator, durably. */
    private void setAside(QueuedMessage message, String why) throws IOException {
        aside.make();
        try (Shelf shelf = Shelf.durable(disk, aside.directory())) {
            Remains remains = new Remains(message, journal, files, UnaryOperator.identity()).write(shelf);
            log.accept("queue: message " + message.number + " is set aside as " + aside.path(message.number + ".*")
                    + ": " + remains.words() + "; " + why);
        }
    }

    private void remove(QueuedMessage message) {
        message.finish();
        table.remove(message);
        changes.finish(message);
    }

    @Override
    public List<Long> messages() {
        return table.numbers();
    }

    private QueuedMessage message(long number) throws IOException {
        QueuedMessage message = table.get(number);
        if (message == null) {
            throw gone(number);
        }
        return message;
    }

    private QueuedMessage message(long number, int recipient) throws IOException {
        QueuedMessage message = message(number);
        check(message, recipient);
        return message;
    }

    private static void check(QueuedMessage message, int recipient) {
        if (recipient < 0 || recipient >= message.recipients) {
            throw new IllegalArgumentException("message " + message.number + " has no recipient " + recipient);
        }
    }

    private static QueuedMessage living(QueuedMessage message) throws IOException {
        if (message.isFinished()) {
            throw gone(message.number);
        }
        return message;
    }

    private static IOException gone(long number) {
        return new IOException("message " + number + " is not in the queue");
    }

    /** Gets space back now rather than soon; true if a segment was dropped. */
    public boolean clean() throws IOException {
        return cleaner.clean();
    }

    /** Makes everything durable and gives the queue up. Submissions that are not committed by now fail. */
    @Override
    public void close() throws IOException {
        try {
            cleaner.close();
            writer.close();
        } finally {
            owner.close();
        }
    }
}
