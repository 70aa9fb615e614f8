package org.tawnymail.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.tawnymail.proof.disk.DiskOfProcess;
import org.tawnymail.proof.disk.DiskState;
import org.tawnymail.proof.disk.RecordingDisk;
import org.tawnymail.queue.adopt.QueueAdoption;
import org.tawnymail.queue.door.DropIntake;
import org.tawnymail.queue.messages.JournalQueue;

/**
 * Starts the queue on a disk as it was found, and looks after every promise: the queue must start, and have nothing to
 * complain of; no message may be torn; every recipient of every message that was accepted must be waiting in the queue, or
 * have the message whole in a mailbox or at another host, or be named in a bounce; and no mail may come more often than
 * interruptions explain.
 */
final class Check {

    private static final InstantSource CLOCK = InstantSource.fixed(DiskOfProcess.MODIFIED);

    /** What was being written when the power went is told, and costs nothing that was promised. */
    private static final String TORN_END = " ends torn: ";

    private final Mailboxes mailboxes;
    private final RandomGenerator random;
    private final boolean mayComplain;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    /**
     * @param mailboxes knows all letters
     * @param random for what the queue keeps secret
     * @param mayComplain whether the queue has a reason to: the disk failed
     */
    Check(Mailboxes mailboxes, RandomGenerator random, boolean mayComplain) {
        this.mailboxes = mailboxes;
        this.random = random;
        this.mayComplain = mayComplain;
    }

    /**
     * What was found.
     *
     * @param violations what is not as it was promised
     * @param start what the start has changed on the disk
     */
    record Result(List<String> violations, Recording start) {}

    /** @param found is left as it is */
    Result of(DiskState found, Promises promises) {
        Evidence evidence = new Evidence(promises);
        evidence.lookInto(found, mailboxes);
        RecordingDisk disk = new RecordingDisk(found.copy(), Scenario.LAYOUT, List.of(), Set.of());
        List<String> violations = new ArrayList<>();
        try (JournalQueue queue = Mailer.openQueue(disk.process(), CLOCK, random, said::add)) {
            takeIn(found, disk.process(), queue);
            evidence.lookInto(queue);
        } catch (IOException | RuntimeException stopped) {
            violations.add("the queue does not start: " + stopped);
        }
        violations.addAll(evidence.verdict());
        if (!mayComplain) {
            said.stream()
                    .filter(line -> !line.contains(TORN_END))
                    .forEach(line -> violations.add("the queue says: " + line));
        }
        Recording start =
                new Recording(disk.changes(), 0, promises.letters(), List.of(), Set.of(), 0, 0, Recording.NOT_TRIED);
        return new Result(violations, start);
    }

    /** What is still there although all mail has come to its end: space would be lost for good. */
    static List<String> leftBehind(DiskState disk) {
        List<String> left = new ArrayList<>();
        for (String name : List.of("large", "drop", "intake")) {
            disk.list(Scenario.QUEUE.resolve(name)).stream()
                    // What a client that was killed has not finished goes after 36 hours.
                    .filter(path -> !String.valueOf(path.getFileName()).startsWith("."))
                    .forEach(path -> left.add(path + " is left behind"));
        }
        return left;
    }

    /** What waits in an old queue and in the drop directory waits all the same. */
    private void takeIn(DiskState found, DiskOfProcess process, JournalQueue queue) throws IOException {
        if (QueueAdoption.isThere(process, Scenario.QUEUE)) {
            QueueAdoption.run(process, Scenario.QUEUE, queue.adoption(), CLOCK, new QueueAdoption.Report() {
                @Override
                public void left(String file, String why) {
                    said.add(file + " is left: " + why);
                }

                @Override
                public void progress(long taken) {}
            });
        }
        for (String name : List.of("drop", "intake")) {
            Path directory = Scenario.QUEUE.resolve(name);
            if (!found.list(directory).isEmpty()) {
                DropIntake.of(Scenario.QUEUE, queue::begin, process, CLOCK, said::add)
                        .run(() -> false);
                return;
            }
        }
    }
}
