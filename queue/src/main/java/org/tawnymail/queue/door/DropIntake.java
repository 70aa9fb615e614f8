package org.tawnymail.queue.door;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.FileFacts;

/**
 * Takes in what waits in the drop directory, on behalf of the owner of each file. A file first moves to {@code queue/intake},
 * where its owner cannot put something else in its place; it goes when its message is durable in the queue, and a crash
 * between the two delivers it twice. What is no submission, or cannot be read, is set aside in {@code queue/damaged}; what is
 * refused for now stays.
 */
public final class DropIntake {

    /** An unfinished file that has not changed for so long was left by a crash (core spec, section 1.9). */
    private static final Duration STALE = Duration.ofHours(36);

    private final Path drop;
    private final Path intake;
    private final Path damaged;
    private final QueueSocketServer.Entry entry;
    private final Submitters submitters;
    private final Disk disk;
    private final InstantSource clock;
    private final Consumer<String> log;
    private boolean hasIntake;
    private boolean toldOfTrouble;

    /**
     * The intake of a queue that this process owns. Its drop directory is made if it is not there.
     *
     * @param queue the queue directory
     * @param entry usually {@code JournalQueue::begin}
     * @param log takes one line for each thing that an operator should know
     * @throws IOException if it cannot be found out who is who among the accounts of this machine
     */
    public static DropIntake of(
            Path queue, QueueSocketServer.Entry entry, Disk disk, InstantSource clock, Consumer<String> log)
            throws IOException {
        disk.makeDirectory(DropDirectory.in(queue));
        return new DropIntake(queue, entry, Submitters.ofThisMachine(), disk, clock, log);
    }

    DropIntake(
            Path queue,
            QueueSocketServer.Entry entry,
            Submitters submitters,
            Disk disk,
            InstantSource clock,
            Consumer<String> log) {
        this.drop = DropDirectory.in(queue);
        this.intake = DropDirectory.intake(queue);
        this.damaged = queue.resolve("damaged");
        this.entry = entry;
        this.submitters = submitters;
        this.disk = disk;
        this.clock = clock;
        this.log = log;
    }

    /** Takes in what is there, one file after the other, until it is told to stop. One that makes trouble stops no other. */
    public void run(BooleanSupplier stop) {
        boolean trouble = false;
        try {
            collect();
            for (String name : disk.list(intake)) {
                if (stop.getAsBoolean()) {
                    return;
                }
                try {
                    take(name);
                } catch (IOException e) {
                    trouble = true;
                    tell("queue: unable to take in mail from " + intake.resolve(name) + ": " + e.getMessage());
                }
            }
        } catch (IOException e) {
            trouble = true;
            tell("queue: unable to take in mail from " + drop + ": " + e.getMessage());
        }
        toldOfTrouble = trouble;
    }

    private void tell(String trouble) {
        if (!toldOfTrouble) {
            log.accept(trouble);
            toldOfTrouble = true;
        }
    }

    private void collect() throws IOException {
        if (!hasIntake) {
            // Durable before the first file is moved there: else the file would go with it.
            disk.makeDirectory(intake);
            hasIntake = true;
        }
        for (String name : disk.list(drop)) {
            if (name.startsWith(DropDirectory.UNFINISHED)) {
                removeIfStale(drop.resolve(name));
                continue;
            }
            try {
                disk.rename(drop.resolve(name), intake.resolve(name));
            } catch (NoSuchFileException gone) {
                // Its owner has thought better of it.
            }
        }
    }

    private void take(String name) throws IOException {
        Path file = intake.resolve(name);
        FileFacts facts = disk.facts(file).orElseThrow(() -> new NoSuchFileException(file.toString()));
        // A second link may be somebody's trick to have another's mail sent again.
        if (!facts.isFile() || facts.links() != 1) {
            setAside(name, "it is not a plain file of its own");
            return;
        }
        QueueResult result;
        try {
            result = submit(file, facts.uid());
        } catch (EOFException | SubmissionFormat.Malformed none) {
            setAside(name, String.valueOf(none.getMessage()));
            return;
        }
        switch (result) {
            case QueueResult.Accepted accepted -> {
                disk.delete(file);
                disk.forceDirectory(intake);
            }
            case QueueResult.Refused refused -> {
                if (refused.permanent()) {
                    setAside(name, refused.text());
                }
            }
        }
    }

    private QueueResult submit(Path file, int uid) throws IOException {
        try (InputStream in = new BufferedInputStream(open(file));
                Submission submission = entry.begin(submitters.origin(uid), uid)) {
            return SubmissionFormat.transfer(in, submission);
        }
    }

    /** Nobody but the owner of the queue can put another file in its place here. */
    private InputStream open(Path file) throws IOException {
        try {
            return disk.input(file);
        } catch (AccessDeniedException closed) {
            throw new SubmissionFormat.Malformed(Errno.text(closed));
        }
    }

    private void setAside(String name, String why) throws IOException {
        disk.makeDirectory(damaged);
        Path kept = damaged.resolve("drop." + name);
        disk.rename(intake.resolve(name), kept);
        disk.forceDirectory(damaged);
        disk.forceDirectory(intake);
        log.accept("queue: a file of the drop directory is no submission and is kept as " + kept + ": " + why);
    }

    private void removeIfStale(Path file) throws IOException {
        // If it is not there any more, it has its final name now.
        Optional<FileFacts> facts = disk.facts(file);
        if (facts.isPresent() && facts.get().modified().isBefore(clock.instant().minus(STALE))) {
            disk.delete(file);
        }
    }
}
