package org.tawnymail.queue.adopt;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.messages.AdoptedMessage;
import org.tawnymail.queue.messages.Adoption;
import org.tawnymail.queue.messages.Provenance;

/**
 * Drains an old qmail queue. Whoever runs it holds the lock of the old queue, so that no qmail-send is at work there; a
 * qmail-queue may be, and what it finishes meanwhile is taken too.
 *
 * <p>Messages go in batches: a batch is made durable in our queue, then its old files are removed for good. Interrupted
 * anywhere, it goes on where it was when it is run again. What it does not understand it leaves where it is, and says so.
 */
public final class QueueAdoption {

    private static final int BATCH_MESSAGES = 1000;
    private static final long BATCH_BYTES = 8L << 20;

    /** So many lines about files that are left; a queue in which nothing fits together needs no more. */
    private static final int MOST_COMPLAINTS = 100_000;

    /** Is told what happens. */
    public interface Report {

        /** A file stays where it is. */
        void left(String file, String why);

        /** A batch is over. */
        void progress(long taken);
    }

    /**
     * What came of it.
     *
     * @param taken messages that were taken in
     * @param queued how many of them were not preprocessed
     * @param cleaned messages that an earlier run had taken in and only their files were left
     * @param left files that stay
     */
    public record Result(long taken, long queued, long cleaned, long left) {}

    private final OldQueue old;
    private final Destination destination;
    private final InstantSource clock;
    private final Report report;

    private final List<Long> batch = new ArrayList<>();
    private final Set<String> complaints = new HashSet<>();
    private long batchBytes;
    private long taken;
    private long queued;
    private long cleaned;

    private QueueAdoption(OldQueue old, Destination destination, InstantSource clock, Report report) {
        this.old = old;
        this.destination = destination;
        this.clock = clock;
        this.report = report;
    }

    /** Whether there is an old queue in a directory. */
    public static boolean isThere(Disk disk, Path queue) throws IOException {
        return OldQueue.exists(disk, queue);
    }

    /** Whether mail that was accepted waits in an old queue. */
    public static boolean isMailThere(Disk disk, Path queue) throws IOException {
        OldQueue old = new OldQueue(disk, queue);
        for (OldDirectory directory : List.of(old.todo, old.info)) {
            for (Path part : directory.parts()) {
                if (directory.numbers(part).length > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Takes all messages of an old queue into ours. */
    public static Result run(Disk disk, Path queue, Adoption adoption, InstantSource clock, Report report)
            throws IOException {
        OldQueue old = new OldQueue(disk, queue);
        Result result = new QueueAdoption(old, new Destination.Ours(old, adoption), clock, report).run();
        adoption.end();
        return result;
    }

    /** Reads all messages and changes nothing. */
    public static Result rehearse(Disk disk, Path queue, InstantSource clock, Report report) throws IOException {
        return new QueueAdoption(new OldQueue(disk, queue), new Destination.Nowhere(), clock, report).run();
    }

    private Result run() throws IOException {
        removeTakenBefore();
        long before;
        do {
            before = taken;
            takeAll(old.todo, true);
            takeAll(old.info, false);
            endBatch();
        } while (destination.isReal() && taken > before);
        tellOfRemains();
        return new Result(taken, queued, cleaned, complaints.size());
    }

    /** All of it before anything else: when the next batch is over, it is forgotten that they were taken. */
    private void removeTakenBefore() throws IOException {
        for (Provenance provenance : destination.takenBefore()) {
            if (old.provenance(provenance.number()).filter(provenance::equals).isPresent()) {
                cleaned++;
                batch.add(provenance.number());
            }
        }
        endBatch();
    }

    /** What has both {@code todo} and {@code info} is taken with the former, and may leave both while the latter are gone through. */
    private void takeAll(OldDirectory directory, boolean areQueued) throws IOException {
        for (Path part : directory.parts()) {
            for (long number : directory.numbers(part)) {
                if (areQueued || old.isPreprocessed(number)) {
                    take(number, areQueued);
                }
            }
        }
    }

    private void take(long number, boolean isQueued) throws IOException {
        Optional<Provenance> provenance = old.provenance(number);
        Instant now = clock.instant();
        try (AdoptedMessage message = destination.begin()) {
            old.read(number, now, message);
            message.commit();
        } catch (DamagedOldFile damaged) {
            complain(damaged.label(), damaged.why());
            return;
        }
        taken++;
        queued += isQueued ? 1 : 0;
        add(number, provenance.map(Provenance::size).orElse(0L));
    }

    private void add(long number, long bytes) throws IOException {
        batch.add(number);
        batchBytes += bytes;
        if (batch.size() == BATCH_MESSAGES || batchBytes >= BATCH_BYTES) {
            endBatch();
        }
    }

    private void endBatch() throws IOException {
        if (!batch.isEmpty()) {
            destination.settle(batch);
            batch.clear();
            batchBytes = 0;
            report.progress(taken);
        }
    }

    /** What is left now was never accepted, or makes no sense. */
    private void tellOfRemains() throws IOException {
        for (Path part : old.mess.parts()) {
            for (long number : old.mess.numbers(part)) {
                if (!old.isQueued(number) && !old.isPreprocessed(number)) {
                    complain(
                            old.mess.label(part.resolve(Long.toString(number))),
                            "it was never finished: a qmail-queue is still writing it (then run this again), or was cut"
                                    + " short");
                }
            }
        }
        for (OldDirectory directory : old.directories()) {
            for (Path part : directory.parts()) {
                tellOfRemains(directory, part);
            }
        }
    }

    private void tellOfRemains(OldDirectory directory, Path part) throws IOException {
        for (long number : directory.numbers(part)) {
            if (old.mess.find(number).isEmpty()) {
                complain(directory.label(part.resolve(Long.toString(number))), "its message is missing");
            }
        }
        for (String stranger : directory.strangers(part)) {
            complain(stranger, "its name is no number of a message");
        }
    }

    private void complain(String file, String why) {
        if (complaints.size() < MOST_COMPLAINTS && complaints.add(file)) {
            report.left(file, why);
        }
    }
}
