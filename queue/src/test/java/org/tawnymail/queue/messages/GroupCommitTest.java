package org.tawnymail.queue.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.SimulatedDisk;

@Timeout(60)
class GroupCommitTest {

    private static final Path QUEUE = Path.of("/home/queue");
    private static final Path JOURNAL = QUEUE.resolve("journal");

    private final SimulatedDisk disk = new SimulatedDisk();

    /** Opens the queue, and waits until the segment after the first is prepared: that costs forces of its own. */
    private JournalQueue open() throws IOException {
        Set<String> before = segments();
        JournalQueue queue = JournalQueue.open(
                QUEUE, QueueOptions.DEFAULT, InstantSource.system(), disk, new SplittableRandom(1), line -> {});
        submit(queue);
        Set<String> opened = segments();
        while (opened.size() < before.size() + 2) {
            pause(1);
            opened = segments();
        }
        return queue;
    }

    private Set<String> segments() throws IOException {
        try {
            Set<String> names = new HashSet<>(disk.list(JOURNAL));
            names.removeIf(name -> !Character.isDigit(name.charAt(0)));
            return names;
        } catch (NoSuchFileException noQueueYet) {
            return Set.of();
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static long submit(JournalQueue queue) {
        try (Submission submission = queue.begin(Origin.USER)) {
            submission.message().write(Octets.of("hello\n"));
            return ((QueueResult.Accepted) submission.commit("joe@x", List.of("ann@y"))).qp();
        } catch (IOException e) {
            throw new AssertionError("writes to a submission never fail", e);
        }
    }

    @Test
    void aHundredWhoWaitShareAForce() throws Exception {
        try (JournalQueue queue = open()) {
            int before = disk.forces();
            disk.holdForces();
            Set<Long> accepted = ConcurrentHashMap.newKeySet();
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                submitters.add(Thread.ofVirtual().start(() -> accepted.add(submit(queue))));
            }
            while (submitters.stream().anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
                pause(1);
            }
            assertThat(accepted).as("nobody is told before the force").isEmpty();
            assertThat(queue.messages()).hasSize(1);
            disk.releaseForces();
            for (Thread submitter : submitters) {
                submitter.join();
            }
            assertThat(accepted).hasSize(100);
            // One for whoever came first, one for the others.
            assertThat(disk.forces() - before).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void whoComesAloneCostsOneForce() throws IOException {
        try (JournalQueue queue = open()) {
            int before = disk.forces();
            submit(queue);
            assertThat(disk.forces() - before).isEqualTo(1);
        }
    }

    @Test
    void marksCostNoForceAndAreWrittenSoonAllTheSame() throws IOException {
        try (JournalQueue queue = open()) {
            long number = submit(queue);
            int before = disk.forces();
            queue.route(number, address -> new Routing(Channel.REMOTE, address));
            queue.failed(number, 0, "no\n");
            while (!isSeenByOthers(number)) {
                pause(1);
            }
            assertThat(disk.forces()).isEqualTo(before);
        }
    }

    private boolean isSeenByOthers(long number) throws IOException {
        try (QueueView view = QueueView.look(disk, QUEUE)) {
            return view.isRouted(number) && view.isBouncing(number);
        }
    }

    @Test
    void eachMessageIsReportedOnceThoseThatWereThereFirst() throws Exception {
        open().close();
        try (JournalQueue queue = open()) {
            List<Long> reported = new ArrayList<>();
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                submitters.add(Thread.ofVirtual().start(() -> {
                    for (int j = 0; j < 20; j++) {
                        submit(queue);
                    }
                }));
            }
            queue.start(reported::add);
            for (Thread submitter : submitters) {
                submitter.join();
            }
            assertThat(reported).hasSize(402).doesNotHaveDuplicates();
            assertThat(reported.getFirst()).isEqualTo(1);
        }
    }
}
