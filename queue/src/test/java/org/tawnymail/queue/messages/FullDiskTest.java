package org.tawnymail.queue.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.SimulatedDisk;
import org.tawnymail.queue.journal.JournalLimits;

@Timeout(60)
class FullDiskTest {

    private static final Path QUEUE = Path.of("/home/queue");
    /** Bytes of the records that say that one recipient was routed and is done. */
    private static final int MARKS_OF_A_MESSAGE = 32 + 21;

    private static final QueueResult FULL = new QueueResult.Refused(false, "qq write error or disk full (#4.3.0)");

    private static final JournalLimits LIMITS = new JournalLimits(16 << 10, 16 << 10, 1);

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final SimulatedDisk disk = new SimulatedDisk();

    private JournalQueue open() throws IOException {
        return open(disk);
    }

    private JournalQueue open(SimulatedDisk found) throws IOException {
        QueueOptions options = new QueueOptions(LIMITS, 2048, 4096, Long.MAX_VALUE, 42, List.of());
        return JournalQueue.open(QUEUE, options, InstantSource.system(), found, new SplittableRandom(1), log::add);
    }

    private static QueueResult submit(JournalQueue queue, String text) throws IOException {
        try (Submission submission = queue.begin(Origin.USER)) {
            submission.message().write(Octets.of(text));
            return submission.commit("joe@x", List.of("ann@y"));
        }
    }

    private static List<Long> fill(JournalQueue queue) throws IOException {
        List<Long> numbers = new ArrayList<>();
        while (submit(queue, "x".repeat(1000)) instanceof QueueResult.Accepted accepted) {
            numbers.add(accepted.qp());
            assertThat(numbers).hasSizeLessThan(1000);
        }
        return numbers;
    }

    private static void deliver(JournalQueue queue, long number) throws IOException {
        queue.route(number, address -> new Routing(Channel.LOCAL, address));
        assertThat(queue.recipients(number, Channel.LOCAL, RecipientPage.START, 1)
                        .recipients())
                .hasSize(1);
        queue.done(number, 0);
        queue.finish(number);
    }

    @Test
    void aFullDiskRefusesNewMailGoesOnDeliveringAndRecovers() throws IOException {
        disk.capacity(120 << 10);
        try (JournalQueue queue = open()) {
            List<Long> numbers = fill(queue);
            assertThat(numbers).hasSizeGreaterThan(30);
            assertThat(submit(queue, "y".repeat(1000))).isEqualTo(FULL);
            assertThat(log).anyMatch(line -> line.contains("new mail is refused"));
            for (long number : numbers) {
                deliver(queue, number);
            }
            assertThat(queue.messages()).isEmpty();
            // Emptied segments become room, without anybody's help.
            while (submit(queue, "again") instanceof QueueResult.Refused) {
                Thread.onSpinWait();
            }
            assertThat(log).anyMatch(line -> line.contains("there is room for new mail again"));
            queue.clean();
        }
        try (JournalQueue queue = open()) {
            assertThat(queue.messages()).hasSize(1);
        }
    }

    @Test
    void roomForMarksIsKeptSoThatDeliveriesAreRemembered() throws IOException {
        disk.capacity(120 << 10);
        List<Long> numbers;
        try (JournalQueue queue = open()) {
            // A sixteenth of a segment is kept for marks: those of so many messages.
            int most = (16 << 10) / 16 / MARKS_OF_A_MESSAGE;
            numbers = fill(queue).subList(0, most);
            for (long number : numbers) {
                queue.route(number, address -> new Routing(Channel.LOCAL, address));
                queue.done(number, 0);
            }
        }
        try (JournalQueue queue = open()) {
            for (long number : numbers) {
                assertThat(queue.remaining(number, Channel.LOCAL))
                        .as("message %d of %d", number, numbers.size())
                        .isZero();
            }
        }
    }

    @Test
    void aQueueThatStartsOnAFullDiskStillRemembersDeliveries() throws IOException {
        disk.capacity(120 << 10);
        List<Long> numbers;
        try (JournalQueue queue = open()) {
            numbers = fill(queue);
        }
        try (JournalQueue queue = open()) {
            for (long number : numbers) {
                queue.route(number, address -> new Routing(Channel.LOCAL, address));
                queue.done(number, 0);
            }
        }
        try (JournalQueue queue = open()) {
            for (long number : numbers) {
                assertThat(queue.remaining(number, Channel.LOCAL)).isZero();
            }
        }
    }

    @Test
    void aLargeMessageThatDoesNotFitLeavesNothingBehind() throws IOException {
        try (JournalQueue queue = open()) {
            disk.capacity(280 << 10);
            assertThat(submit(queue, "z".repeat(300 << 10))).isEqualTo(FULL);
            assertThat(disk.list(QUEUE.resolve("large"))).isEmpty();
            assertThat(submit(queue, "small")).isInstanceOf(QueueResult.Accepted.class);
        }
    }

    @Test
    void largeMessagesLeaveRoomForDeliveriesOnTheSameDisk() throws IOException {
        disk.capacity(1 << 20);
        try (JournalQueue queue = open()) {
            int accepted = 0;
            while (submit(queue, "z".repeat(20 << 10)) instanceof QueueResult.Accepted) {
                accepted++;
                assertThat(accepted).isLessThan(100);
            }
            assertThat(accepted).isGreaterThan(20);
            assertThat(disk.room(QUEUE)).isGreaterThan(LIMITS.leftAlone() - (21 << 10));
        }
    }

    @Test
    void aFullDiskIsToldOnceHoweverOftenItRefuses() throws IOException {
        disk.capacity(120 << 10);
        try (JournalQueue queue = open()) {
            fill(queue);
            for (int i = 0; i < 500; i++) {
                assertThat(submit(queue, "z".repeat(30 << 10))).isEqualTo(FULL);
                assertThat(submit(queue, "y".repeat(1000))).isEqualTo(FULL);
                submit(queue, "perhaps this one finds a gap");
            }
            assertThat(log)
                    .filteredOn(line -> line.contains("new mail is refused"))
                    .hasSize(1);
        }
    }

    @Test
    void aForceThatFailsStopsAcceptanceForGood() throws IOException {
        long before;
        try (JournalQueue queue = open()) {
            before = ((QueueResult.Accepted) submit(queue, "one")).qp();
            disk.failForces(true);
            assertThat(submit(queue, "two")).isEqualTo(FULL);
            disk.failForces(false);
            assertThat(submit(queue, "three"))
                    .as("a force that works again proves nothing")
                    .isEqualTo(FULL);
            assertThat(log)
                    .filteredOn(line -> line.contains("nothing is accepted until the next start"))
                    .hasSize(1);
            assertThat(log).noneMatch(line -> line.contains("new mail is refused"));
            deliver(queue, before);
        }
        log.clear();
        try (JournalQueue queue = open()) {
            assertThat(submit(queue, "four")).isInstanceOf(QueueResult.Accepted.class);
        }
    }

    @Test
    void aDiskThatTurnsReadOnlyRefusesNewMailAndKeepsWhatWasAccepted() throws IOException {
        JournalQueue queue = open();
        long accepted = ((QueueResult.Accepted) submit(queue, "one")).qp();
        disk.turnReadOnly();
        assertThat(submit(queue, "two")).isEqualTo(FULL);
        assertThat(submit(queue, "z".repeat(30 << 10))).isEqualTo(FULL);
        for (int i = 0; i < 20; i++) {
            queue.due(accepted, Channel.LOCAL, Instant.ofEpochSecond(i));
            assertThat(submit(queue, "three")).isEqualTo(FULL);
        }
        assertThat(log)
                .as("that it is the disk, once, and not that there is no room")
                .hasSizeLessThanOrEqualTo(3)
                .noneMatch(line -> line.contains("no room"));
        assertThatIOException().isThrownBy(queue::close).withMessage("Read-only file system");
        try (JournalQueue mended = open(disk.copy())) {
            assertThat(mended.messages()).singleElement().isEqualTo(accepted);
            deliver(mended, accepted);
        }
    }
}
