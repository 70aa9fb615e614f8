package org.tawnymail.queue.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.SimulatedDisk;
import org.tawnymail.queue.journal.JournalLimits;

/** Space comes back, and nothing that is needed goes with it. Segments hold 8 kB here, some seven messages. */
@Timeout(60)
class CleaningTest {

    private static final Path QUEUE = Path.of("/home/queue");
    private static final Path JOURNAL = QUEUE.resolve("journal");
    private static final Instant NOW = Instant.parse("2025-03-07T09:04:05Z");
    private static final int SEGMENT = 8 << 10;
    private static final String FIRST = "0000000001";
    private static final String SECOND = "0000000002";

    private final List<String> log = new CopyOnWriteArrayList<>();
    private SimulatedDisk disk = new SimulatedDisk();

    private JournalQueue open() throws IOException {
        QueueOptions options =
                new QueueOptions(new JournalLimits(SEGMENT, SEGMENT, 1), 2048, 2048, Long.MAX_VALUE, 42, List.of());
        return JournalQueue.open(QUEUE, options, InstantSource.fixed(NOW), disk, new SplittableRandom(1), log::add);
    }

    @AfterEach
    void nothingWasWorthALine() {
        assertThat(log).isEmpty();
    }

    private static long submit(JournalQueue queue, String text) throws IOException {
        try (Submission submission = queue.begin(Origin.USER)) {
            submission.message().write(Octets.of(text));
            return ((QueueResult.Accepted) submission.commit("joe@x", List.of("ann@y", "bob@z", "eve@z"))).qp();
        }
    }

    private static String text(int i) {
        return "message " + i + "\n" + "x".repeat(1000) + "\n";
    }

    private static void flow(JournalQueue queue, int messages) throws IOException {
        for (int i = 0; i < messages; i++) {
            queue.finish(submit(queue, text(i)));
        }
    }

    private static String content(JournalQueue queue, long number) throws IOException {
        try (var in = queue.content(number).open()) {
            String content = Octets.text(in.readAllBytes());
            return content.substring(content.indexOf('\n') + 1);
        }
    }

    /** Submits until the first segment is full of living mail and the second has begun. */
    private List<Long> fillFirstSegment(JournalQueue queue) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            numbers.add(submit(queue, text(i)));
        }
        flow(queue, 3);
        return numbers;
    }

    private void cleanUntilGone(JournalQueue queue, String segment) throws IOException {
        for (int round = 0; disk.list(JOURNAL).contains(segment); round++) {
            assertThat(round).as("rounds until %s is gone", segment).isLessThan(1000);
            flow(queue, 1);
            queue.clean();
        }
    }

    /** What a process finds that starts after this one was killed. */
    private JournalQueue restart(JournalQueue queue) throws IOException {
        submit(queue, "what stands before an accepted message is durable\n");
        SimulatedDisk found = disk.copy();
        queue.close();
        disk = found;
        return open();
    }

    @Test
    void theStateOfLivingMailOutlivesTheSegmentItWasWrittenIn() throws IOException {
        JournalQueue queue = open();
        long message = fillFirstSegment(queue).getFirst();
        queue.route(
                message, address -> new Routing(address.endsWith("z") ? Channel.REMOTE : Channel.LOCAL, "x" + address));
        queue.failed(message, 0, "<xann@y>:\nno\n\n");
        queue.done(message, 2);
        queue.due(message, Channel.REMOTE, NOW.plusSeconds(400));
        cleanUntilGone(queue, SECOND);
        assertThat(disk.list(JOURNAL)).as("it is full of living mail").contains(FIRST);
        queue = restart(queue);
        assertThat(queue.isRouted(message)).isTrue();
        assertThat(queue.remaining(message, Channel.LOCAL)).isZero();
        assertThat(queue.recipients(message, Channel.REMOTE, RecipientPage.START, 9)
                        .recipients())
                .containsExactly(new Recipient(1, "xbob@z"));
        assertThat(queue.due(message, Channel.REMOTE)).hasValue(NOW.getEpochSecond() + 400);
        assertThat(Octets.text(queue.bounceText(message).orElseThrow().open().readAllBytes()))
                .isEqualTo("<xann@y>:\nno\n\n");
        queue.close();
    }

    @Test
    void aBounceTextThatWasSentStaysSentWhenTheSegmentThatSaysSoGoes() throws IOException {
        JournalQueue queue = open();
        long message = submit(queue, text(0));
        queue.route(message, address -> new Routing(Channel.LOCAL, address));
        queue.failed(message, 0, "no\n");
        fillFirstSegment(queue);
        queue.bounceSent(message);
        cleanUntilGone(queue, SECOND);
        assertThat(disk.list(JOURNAL)).contains(FIRST);
        queue = restart(queue);
        assertThat(queue.bounceText(message)).isEmpty();
        queue.close();
    }

    @Test
    void finishedMailDoesNotComeToLifeAgainWhenTheSegmentThatSaysSoGoes() throws IOException {
        JournalQueue queue = open();
        List<Long> numbers = fillFirstSegment(queue);
        queue.finish(numbers.getFirst());
        cleanUntilGone(queue, SECOND);
        assertThat(disk.list(JOURNAL)).contains(FIRST);
        queue = restart(queue);
        assertThat(queue.messages()).doesNotContain(numbers.getFirst()).contains(numbers.get(1), numbers.get(2));
        queue.close();
    }

    @Test
    void theFewThatLiveInAnOldSegmentAreMovedWithAllThatIsKnownOfThem() throws IOException {
        JournalQueue queue = open();
        List<Long> numbers = fillFirstSegment(queue);
        long message = numbers.get(2);
        queue.route(message, address -> new Routing(Channel.LOCAL, address));
        queue.failed(message, 1, "no\n");
        for (long number : numbers) {
            if (number != message) {
                queue.finish(number);
            }
        }
        cleanUntilGone(queue, FIRST);
        assertThat(content(queue, message)).isEqualTo(text(2));
        queue = restart(queue);
        assertThat(queue.messages()).contains(message);
        assertThat(content(queue, message)).isEqualTo(text(2));
        assertThat(queue.recipients(message, Channel.LOCAL, RecipientPage.START, 9)
                        .recipients())
                .containsExactly(new Recipient(0, "ann@y"), new Recipient(2, "eve@z"));
        assertThat(queue.bounceText(message)).isPresent();
        queue.finish(message);
        queue = restart(queue);
        assertThat(queue.messages()).as("the moved copy is finished too").doesNotContain(message);
        queue.close();
    }

    @Test
    void anOldSegmentFullOfLivingMailDoesNotLetSpaceGrowWhileNewMailFlows() throws IOException {
        try (JournalQueue queue = open()) {
            List<Long> numbers = fillFirstSegment(queue);
            for (long number : numbers) {
                queue.route(number, address -> new Routing(Channel.REMOTE, address));
            }
            for (int round = 0; round < 100; round++) {
                flow(queue, 20);
                queue.done(numbers.get(round % numbers.size()), round % 3);
                queue.clean();
                assertThat(disk.used()).isLessThan(16 * SEGMENT);
            }
            assertThat(queue.messages()).isEqualTo(numbers);
            assertThat(content(queue, numbers.getFirst())).isEqualTo(text(0));
        }
    }

    @Test
    void whatWasOpenedStaysReadableWhenItsSegmentIsGone() throws IOException {
        try (JournalQueue queue = open()) {
            List<Long> numbers = fillFirstSegment(queue);
            flow(queue, 20); // out of the fresh records in memory
            var opened = queue.content(numbers.get(1)).open();
            assertThat(Octets.text(opened.readNBytes(10))).isEqualTo("Received: ");
            numbers.forEach(number -> {
                try {
                    queue.finish(number);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            cleanUntilGone(queue, FIRST);
            flow(queue, 40);
            assertThat(Octets.text(opened.readAllBytes())).endsWith(text(1));
            opened.rewind();
            assertThat(Octets.text(opened.readAllBytes()))
                    .startsWith("Received: ")
                    .endsWith(text(1));
        }
    }

    @Test
    void anEmptyQueueKeepsAHandfulOfFiles() throws IOException {
        try (JournalQueue queue = open()) {
            flow(queue, 500);
            for (int i = 0; i < 20; i++) {
                queue.clean();
                flow(queue, 1);
            }
            assertThat(disk.list(JOURNAL)).hasSizeLessThan(9);
        }
    }
}
