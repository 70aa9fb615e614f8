package org.tawnymail.queue.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.SimulatedDisk;
import org.tawnymail.queue.journal.JournalLimits;

/** What a start makes of a journal that was cut, torn or damaged. */
@Timeout(120)
class DamageTest {

    private static final Path QUEUE = Path.of("/home/queue");
    private static final Path JOURNAL = QUEUE.resolve("journal");
    private static final Path FIRST = JOURNAL.resolve("0000000001");
    private static final Instant NOW = Instant.parse("2025-03-07T09:04:05Z");
    private static final QueueOptions OPTIONS =
            new QueueOptions(new JournalLimits(8 << 10, 8 << 10, 0), 2048, 4096, Long.MAX_VALUE, 42, List.of());

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    private JournalQueue open(SimulatedDisk disk) throws IOException {
        return JournalQueue.open(QUEUE, OPTIONS, InstantSource.fixed(NOW), disk, new SplittableRandom(1), log::add);
    }

    private static String text(int message) {
        return "message " + message + "\n" + "x".repeat(message * 7) + "\n";
    }

    private static long submit(JournalQueue queue, String text) throws IOException {
        try (Submission submission = queue.begin(Origin.USER)) {
            submission.message().write(Octets.of(text));
            return ((QueueResult.Accepted) submission.commit("joe@x", List.of("ann@y", "bob@z"))).qp();
        }
    }

    private static String content(JournalQueue queue, long number) throws IOException {
        try (var in = queue.content(number).open()) {
            String content = Octets.text(in.readAllBytes());
            return content.substring(content.indexOf('\n') + 1);
        }
    }

    /** Five messages and some marks, still in the first segment; then the process is gone without a word. */
    private SimulatedDisk crashedJournal() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        JournalQueue queue = open(disk);
        for (int i = 1; i <= 5; i++) {
            long number = submit(queue, text(i));
            assertThat(number).isEqualTo(i);
            queue.route(number, address -> new Routing(Channel.LOCAL, address));
            queue.done(number, 0);
        }
        submit(queue, text(6));
        SimulatedDisk crashed = disk.copy();
        queue.close();
        return crashed;
    }

    @Test
    void aJournalThatWasCutAnywhereStartsWithAllThatIsWhole() throws IOException {
        SimulatedDisk whole = crashedJournal();
        byte[] bytes = whole.bytes(FIRST);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        int before = 0;
        for (int cut = 64; cut <= end; cut++) {
            SimulatedDisk disk = whole.copy();
            // Prepared segments end in zeros, and so does one whose last sectors never reached the disk.
            byte[] torn = Arrays.copyOf(bytes, cut);
            disk.bytes(FIRST, cut % 2 == 0 ? torn : Arrays.copyOf(torn, bytes.length));
            try (JournalQueue queue = open(disk)) {
                List<Long> messages = queue.messages();
                for (int i = 0; i < messages.size(); i++) {
                    assertThat(messages.get(i)).isEqualTo(i + 1);
                    assertThat(content(queue, i + 1)).isEqualTo(text(i + 1));
                }
                assertThat(messages.size()).as("cut at %d", cut).isGreaterThanOrEqualTo(before);
                before = messages.size();
                assertThat(submit(queue, "new\n")).isGreaterThan(6);
            }
            assertThat(log).as("cut at %d", cut).isEmpty();
        }
        assertThat(before).isEqualTo(6);
    }

    @Test
    void aFlippedBitCostsNoMoreThanItsOwnRecord() throws IOException {
        SimulatedDisk whole = crashedJournal();
        byte[] bytes = whole.bytes(FIRST);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        for (int at = 0; at < end; at += 3) {
            SimulatedDisk disk = whole.copy();
            byte[] flipped = bytes.clone();
            flipped[at] ^= 0x10;
            disk.bytes(FIRST, flipped);
            log.clear();
            try (JournalQueue queue = open(disk)) {
                List<Long> messages = queue.messages();
                assertThat(messages).as("bit at %d", at).hasSizeGreaterThanOrEqualTo(5);
                for (long number : messages) {
                    assertThat(content(queue, number)).isEqualTo(text((int) number));
                }
                if (messages.size() < 6 && !messages.equals(List.of(1L, 2L, 3L, 4L, 5L))) {
                    assertThat(log).as("bit at %d", at).isNotEmpty();
                    assertThat(log.getFirst()).contains("is damaged").contains("passed over");
                }
                assertThat(submit(queue, "new\n")).isGreaterThan(6);
            }
        }
    }

    @Test
    void aDamagedSegmentIsEmptiedAndKept() throws IOException {
        SimulatedDisk disk = crashedJournal();
        byte[] bytes = disk.bytes(FIRST);
        bytes[100] ^= 1; // in the body or head of the first message
        disk.bytes(FIRST, bytes);
        try (JournalQueue queue = open(disk)) {
            assertThat(queue.messages()).containsExactly(2L, 3L, 4L, 5L, 6L);
            assertThat(log)
                    .singleElement()
                    .asString()
                    .contains("0000000001 is damaged")
                    .contains("passed over");
            submit(queue, "a new segment begins\n");
            while (disk.list(JOURNAL).contains("0000000001")) {
                queue.clean();
            }
            for (long number = 2; number <= 5; number++) {
                assertThat(content(queue, number)).isEqualTo(text((int) number));
                // What nothing later proves to have been durable (the marks of the last) does not count behind damage.
                assertThat(queue.remaining(number, Channel.LOCAL)).isEqualTo(number < 5 ? 1 : 0);
            }
        }
        assertThat(disk.bytes(QUEUE.resolve("damaged/0000000001"))).isEqualTo(bytes);
        log.clear();
        try (JournalQueue queue = open(disk)) {
            assertThat(queue.messages()).contains(2L, 3L, 4L, 5L, 6L).doesNotContain(1L);
        }
        assertThat(log).as("damage is reported once").isEmpty();
    }

    @Test
    void aBodyThatWasDamagedInASealedSegmentIsNeverHandedOut() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        long number;
        try (JournalQueue queue = open(disk)) {
            number = submit(queue, "y".repeat(500));
        }
        byte[] bytes = disk.bytes(FIRST);
        bytes[400] ^= 1;
        disk.bytes(FIRST, bytes);
        try (JournalQueue queue = open(disk)) {
            assertThat(queue.messages()).containsExactly(number);
            var source = queue.content(number);
            assertThatThrownBy(source::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("message " + number + " is damaged");
        }
    }

    @Test
    void theSegmentsOfTheNewestMailMayVanishAndTheirNumbersAreNotUsedAgain() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        Set<Long> used = new HashSet<>();
        for (int round = 0; round < 4; round++) {
            JournalQueue queue = open(disk);
            for (int i = 0; i < 30; i++) {
                assertThat(used.add(submit(queue, text(i)))).isTrue();
            }
            SimulatedDisk robbed = disk.copy();
            queue.close();
            for (String name : robbed.list(JOURNAL)) {
                if (!name.equals("numbers") && !name.equals("0000000001")) {
                    robbed.delete(JOURNAL.resolve(name));
                }
            }
            disk = robbed;
        }
        assertThat(used).hasSize(120);
    }

    @Test
    void aLostFileOfNumbersIsMadeUpForByALeap() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        long last;
        try (JournalQueue queue = open(disk)) {
            last = submit(queue, "x\n");
        }
        disk.delete(JOURNAL.resolve("numbers"));
        try (JournalQueue queue = open(disk)) {
            assertThat(queue.messages()).as("the salt is in the segment too").containsExactly(last);
            assertThat(submit(queue, "y\n")).isGreaterThan(last + 100_000);
        }
    }

    @Test
    void aLargeFileWithoutARecordIsRemovedAndARecordWithoutItsFileIsPassedOver() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        long lost;
        long kept;
        try (JournalQueue queue = open(disk)) {
            lost = submit(queue, "large\n".repeat(1000));
            kept = submit(queue, "small\n");
        }
        disk.delete(QUEUE.resolve("large/" + lost));
        disk.create(QUEUE.resolve("large/4242")).close();
        disk.create(QUEUE.resolve("large/4242.to")).close();
        try (JournalQueue queue = open(disk)) {
            assertThat(queue.messages()).containsExactly(kept);
            assertThat(disk.list(QUEUE.resolve("large"))).isEmpty();
            assertThat(log).singleElement().asString().contains("message " + lost + " is passed over");
        }
    }
}
