package org.tawnymail.queue.messages;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.time.Date822;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Envelope;
import org.tawnymail.queue.Queue;
import org.tawnymail.queue.QueueInUse;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.LocalDisk;
import org.tawnymail.queue.journal.GroupCommit;
import org.tawnymail.queue.journal.NumberFile;
import org.tawnymail.queue.journal.SegmentJournal;

/**
 * The queue in the process that owns it. One at a time for a queue directory: a lock sees to that.
 *
 * <p>A submission costs one append and its share of a force; nothing of it is read back if it is delivered soon. Marks
 * cost an append that nobody waits for, and change what is in memory even if the disk takes them no more: at worst a
 * delivery is repeated after a crash.
 */
public final class JournalQueue implements Queue, QueuePort, AutoCloseable {

    /** A line about trouble with new mail is written at most this often. */
    private static final long MILLIS_BETWEEN_COMPLAINTS = 10_000;

    private final QueueOptions options;
    private final InstantSource clock;
    private final Consumer<String> log;
    private final Disk.Lock owner;
    private final SegmentJournal journal;
    private final NumberFile numbers;
    private final LargeFiles files;
    private final MessageTable table;
    private final GroupCommit writer;
    private final Changes changes;
    private final Cleaner cleaner;
    private final RoutingRecords routings;
    private final InheritedState inherited;
    private final AdoptionNote adoptionNote;
    private final AtomicLong lastComplaint = new AtomicLong(Long.MIN_VALUE);

    /** Guards the order of reports: all that were found first, then each new one. */
    private final Object reporting = new Object();

    private @Nullable Arrivals arrivals;

    private JournalQueue(
            QueueOptions options,
            InstantSource clock,
            Consumer<String> log,
            Disk.Lock owner,
            SegmentJournal journal,
            MessageTable table,
            LargeFiles files,
            AdoptionNote adoptionNote) {
        this.options = options;
        this.clock = clock;
        this.log = log;
        this.owner = owner;
        this.journal = journal;
        this.numbers = journal.numbers();
        this.files = files;
        this.table = table;
        this.writer = new GroupCommit(journal, log);
        this.changes = new Changes(writer, table, new FreshRecords(options.freshBytes()), files, log);
        this.cleaner = new Cleaner(journal, table, changes, writer, log);
        this.routings = new RoutingRecords(journal, files, changes);
        this.inherited = new InheritedState(journal, files, changes, routings);
        this.adoptionNote = adoptionNote;
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
            LargeFiles files = new LargeFiles(disk, queue);
            files.make();
            disk.forceDirectory(queue);
            MessageTable table = new MessageTable();
            journal.replay(table);
            files.agreeWith(table, log);
            JournalQueue opened =
                    new JournalQueue(options, clock, log, owner, journal, table, files, new AdoptionNote(disk, queue));
            journal.open();
            opened.writer.start();
            opened.resumeAdoption();
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
        return begin(origin, options.uid());
    }

    @Override
    public Submission begin(Origin origin, Identity user) {
        return begin(origin, user.uid());
    }

    /**
     * Begins a submission of somebody else.
     *
     * @param uid the user id of the submitter, as the system vouches for it
     */
    public Submission begin(Origin origin, int uid) {
        try {
            if (writer.isBroken()) {
                throw new IOException("the journal is broken");
            }
            RecordDraft draft = draft();
            long number = draft.number();
            byte[] received = Octets.of(
                    "Received: (qmail " + number + " invoked " + words(origin, uid) + "); " + Date822.of(now()) + "\n");
            return new JournalSubmission(this, draft, uid, received);
        } catch (IOException e) {
            return JournalSubmission.failed(this, new RecordDraft(files, 0, options.largestInline()), e);
        }
    }

    /** A record for a new message, with its number. */
    RecordDraft draft() throws IOException {
        return new RecordDraft(files, numbers.nextMessage(), options.largestInline());
    }

    private static String words(Origin origin, int uid) {
        return switch (origin) {
            case NETWORK -> "from network";
            case BOUNCE -> "for bounce";
            case ALIAS -> "by alias";
            case USER -> "by uid " + Integer.toUnsignedString(uid);
        };
    }

    List<String> extraRecipients() {
        return options.extraRecipients();
    }

    Instant now() {
        return clock.instant();
    }

    /** Takes a complete record, and returns when it is durable. */
    QueueResult accept(RecordDraft draft) throws IOException {
        Completion completion = new Completion();
        accept(draft, draft.message(), completion);
        completion.await();
        return new QueueResult.Accepted(draft.number());
    }

    /** Takes a complete record, of which somebody waits for many. */
    void accept(RecordDraft draft, QueuedMessage message, Completion completion) {
        changes.accept(message, draft.record(), draft.length(), completion, () -> arrived(message));
    }

    private void arrived(QueuedMessage message) {
        synchronized (reporting) {
            table.put(message);
            if (arrivals != null) {
                arrivals.arrived(message.number);
            }
        }
    }

    /** Mail was refused because of trouble here. The operator hears of it, but not a thousand times a second. */
    void tellOfTrouble(IOException why) {
        long now = clock.millis();
        long last = lastComplaint.get();
        if (now - MILLIS_BETWEEN_COMPLAINTS >= last && lastComplaint.compareAndSet(last, now)) {
            log.accept("queue: mail was refused: " + why.getMessage());
        }
    }

    // ---- Adoption of an old queue

    /**
     * Begins to take in the messages of an old qmail queue, or goes on where that was interrupted. Only before {@link #start}:
     * what is being adopted must not be delivered before its old files are gone.
     */
    public Adoption adoption() throws IOException {
        if (!adoptionNote.exists()) {
            adoptionNote.store(nextNumber(), Set.of());
        }
        return new Adoption(this, adoptionNote, Set.copyOf(adoptionNote.read().listed()));
    }

    long nextNumber() {
        return numbers.peekMessage();
    }

    void unfold(QueuedMessage message) throws IOException {
        inherited.unfold(message);
    }

    /** Completes what an adoption that was cut short has left, and notes what may be in its old queue still. */
    private void resumeAdoption() {
        for (QueuedMessage message : List.copyOf(table.all())) {
            try {
                inherited.unfold(message);
            } catch (IOException damaged) {
                log.accept("queue: message " + message.number + " cannot be routed as it was in its old queue: "
                        + damaged.getMessage());
            }
        }
        try {
            if (adoptionNote.exists()) {
                noteAdopted();
            }
        } catch (IOException e) {
            log.accept("queue: end the adoption of the old queue before mail is delivered, or some may come twice: "
                    + e.getMessage());
        }
    }

    private void noteAdopted() throws IOException {
        AdoptionNote.Content known = adoptionNote.read();
        Set<Provenance> all = new HashSet<>(known.listed());
        for (QueuedMessage message : table.all()) {
            if (message.isAdopted() && message.number >= known.first()) {
                all.add(record(message).heritage().provenance());
            }
        }
        if (all.size() > known.listed().size()) {
            adoptionNote.store(known.first(), all);
        }
    }

    // ---- Queue

    @Override
    public void start(Arrivals listener) {
        synchronized (reporting) {
            if (arrivals != null) {
                throw new IllegalStateException("started before");
            }
            arrivals = listener;
            table.numbers().forEach(listener::arrived);
        }
    }

    @Override
    public Envelope envelope(long number) throws IOException {
        return record(message(number)).envelope();
    }

    @Override
    public MessageSource content(long number) throws IOException {
        QueuedMessage message = message(number);
        return new StoredMessage(message, record(message).size(), journal, files);
    }

    private AcceptedRecord record(QueuedMessage message) throws IOException {
        return new AcceptedRecord(message.accepted.bytes(journal));
    }

    @Override
    public boolean isRouted(long number) throws IOException {
        QueuedMessage message = message(number);
        // If the start could not: a message of an old queue must never be routed a second time.
        inherited.unfold(message);
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
        QueuedMessage message = message(number);
        if (recipient < 0 || recipient >= message.recipients) {
            throw new IllegalArgumentException("message " + number + " has no recipient " + recipient);
        }
        synchronized (message) {
            if (living(message).markDone(recipient)) {
                changes.mark(message, MarkRecords.done(number, recipient));
            }
        }
    }

    @Override
    public void bounce(long number, String text) throws IOException {
        QueuedMessage message = message(number);
        byte[] bytes = Octets.of(text);
        synchronized (message) {
            living(message);
            for (int at = 0; at < bytes.length; at += MarkRecords.PART) {
                int length = Math.min(MarkRecords.PART, bytes.length - at);
                int next = message.bounceText().isEmpty()
                        ? 0
                        : message.bounceText().getLast().index() + 1;
                byte[] record = MarkRecords.bounce(number, message.bounceEpoch(), next, bytes, at, length);
                Piece piece = new Piece(next, record, record.length);
                message.addBounce(piece);
                changes.add(message, piece, record);
            }
        }
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
            living(message).finish();
            table.remove(message);
            changes.finish(message);
        }
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
