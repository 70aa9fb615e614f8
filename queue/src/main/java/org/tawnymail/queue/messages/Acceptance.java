package org.tawnymail.queue.messages;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.base.time.Date822;
import org.tawnymail.queue.Queue.Arrivals;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.journal.GroupCommit;
import org.tawnymail.queue.journal.JournalBroken;
import org.tawnymail.queue.journal.NumberFile;

/**
 * How new mail becomes messages of the queue: a submission gets a number and a draft of its record; when the record is
 * durable, the message is in the table and reported. Safe for use by many threads.
 */
final class Acceptance {

    private final QueueOptions options;
    private final InstantSource clock;
    private final NumberFile numbers;
    private final LargeFiles files;
    private final MessageTable table;
    private final GroupCommit writer;
    private final Changes changes;
    private final Refusals refusals;

    /** Guards the order of reports: all that were found first, then each new one. */
    private final Object reporting = new Object();

    private @Nullable Arrivals arrivals;

    Acceptance(
            QueueOptions options,
            InstantSource clock,
            NumberFile numbers,
            LargeFiles files,
            MessageTable table,
            GroupCommit writer,
            Changes changes,
            Consumer<String> log) {
        this.options = options;
        this.clock = clock;
        this.numbers = numbers;
        this.files = files;
        this.table = table;
        this.writer = writer;
        this.changes = changes;
        this.refusals = new Refusals(clock, log);
    }

    /** @param uid the user id of the submitter */
    Submission begin(Origin origin, int uid) {
        try {
            if (writer.isBroken()) {
                throw new JournalBroken();
            }
            if (isFull() && origin != Origin.BOUNCE) {
                throw new TooManyMessages(table.size());
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

    /** A bounce is taken all the same: with it its message goes. */
    private boolean isFull() {
        return table.memory() > options.tableBytes();
    }

    private static String words(Origin origin, int uid) {
        return switch (origin) {
            case NETWORK -> "from network";
            case BOUNCE -> "for bounce";
            case ALIAS -> "by alias";
            case USER -> "by uid " + Integer.toUnsignedString(uid);
        };
    }

    /** A record for a new message, with its number. */
    RecordDraft draft() throws IOException {
        return new RecordDraft(files, numbers.nextMessage(), options.largestInline());
    }

    /** The number that the next message gets. */
    long nextNumber() {
        return numbers.peekMessage();
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
        changes.accept(message, draft, completion, () -> arrived(message));
    }

    private void arrived(QueuedMessage message) {
        synchronized (reporting) {
            table.put(message);
            if (arrivals != null) {
                arrivals.arrived(message.number);
            }
        }
    }

    /** Reports all messages that are there, and from now on each that arrives. */
    void start(Arrivals listener) {
        synchronized (reporting) {
            if (arrivals != null) {
                throw new IllegalStateException("started before");
            }
            arrivals = listener;
            table.numbers().forEach(listener::arrived);
        }
    }

    /** Mail was refused because of trouble here. */
    void tellOfTrouble(IOException why) {
        refusals.tell(why);
    }
}
