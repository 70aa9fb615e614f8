package org.tawnymail.queue.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.DamagedMessage;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.SimulatedDisk;
import org.tawnymail.queue.journal.JournalLimits;
import org.tawnymail.queue.journal.JournalSpots;
import org.tawnymail.queue.journal.JournalSpots.Spot;
import org.tawnymail.queue.journal.RecordFormat;

/** What a start makes of a journal that was cut, torn or damaged. */
@Timeout(120)
class DamageTest {

    private static final Path QUEUE = Path.of("/home/queue");
    private static final Path JOURNAL = QUEUE.resolve("journal");
    private static final Path FIRST = JOURNAL.resolve("0000000001");
    private static final Instant NOW = Instant.parse("2025-03-07T09:04:05Z");
    private static final QueueOptions OPTIONS =
            new QueueOptions(new JournalLimits(8 << 10, 8 << 10, 0), 2048, 4096, Long.MAX_VALUE, 42, List.of());

    private final List<String> log = new CopyOnWriteArrayList<>();

    private JournalQueue open(SimulatedDisk disk) throws IOException {
        return open(disk, OPTIONS);
    }

    private JournalQueue open(SimulatedDisk disk, QueueOptions options) throws IOException {
        return JournalQueue.open(QUEUE, options, InstantSource.fixed(NOW), disk, new SplittableRandom(1), log::add);
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
    void aJournalThatEndsTornAnywhereStartsWithAllThatIsWhole() throws IOException {
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
            disk.bytes(FIRST, Arrays.copyOf(Arrays.copyOf(bytes, cut), bytes.length));
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
            assertThat(log).as("cut at %d", cut).allMatch(line -> line.contains(FIRST + " ends torn: "));
            log.clear();
        }
        assertThat(before).isEqualTo(6);
    }

    /** The place of a record in the first segment. */
    private static Spot spot(SimulatedDisk disk, byte type, long message) throws IOException {
        return JournalSpots.of(FIRST, disk.bytes(FIRST)).stream()
                .filter(spot -> spot.type() == type && spot.message() == message)
                .findFirst()
                .orElseThrow();
    }

    /** The newest segment in which there is something. */
    private static Path newest(SimulatedDisk disk) throws IOException {
        Path newest = FIRST;
        for (String name : disk.list(JOURNAL).stream().sorted().toList()) {
            Path path = JOURNAL.resolve(name);
            if (Character.isDigit(name.charAt(0))
                    && !JournalSpots.of(path, disk.bytes(path)).isEmpty()) {
                newest = path;
            }
        }
        return newest;
    }

    private static void flip(SimulatedDisk disk, Path file, int at) throws IOException {
        byte[] bytes = disk.bytes(file);
        bytes[at] ^= 0x10;
        disk.bytes(file, bytes);
    }

    private static String kept(SimulatedDisk disk, String name) throws IOException {
        return Octets.text(disk.bytes(QUEUE.resolve("damaged").resolve(name)));
    }

    private void cleanUntilFirstIsGone(SimulatedDisk disk, JournalQueue queue) throws IOException {
        for (int round = 0; disk.list(JOURNAL).contains("0000000001"); round++) {
            assertThat(round).isLessThan(1000);
            submit(queue, "a new segment begins\n" + "x".repeat(900));
            queue.clean();
        }
    }

    @Test
    void aDamagedSegmentIsEmptiedAndKept() throws IOException {
        SimulatedDisk disk = crashedJournal();
        Spot damaged = spot(disk, RecordFormat.ACCEPTED, 1);
        flip(disk, FIRST, damaged.at() + RecordFormat.BIRTH);
        byte[] bytes = disk.bytes(FIRST);
        try (JournalQueue queue = open(disk)) {
            assertThat(queue.messages()).containsExactly(2L, 3L, 4L, 5L, 6L);
            assertThat(log)
                    .containsExactly("queue: " + FIRST + " is damaged: " + damaged.length() + " bytes from offset "
                            + damaged.at() + " are passed over; they look like a record about message 1");
            cleanUntilFirstIsGone(disk, queue);
            for (long number = 2; number <= 5; number++) {
                assertThat(content(queue, number)).isEqualTo(text((int) number));
                assertThat(queue.remaining(number, Channel.LOCAL)).isEqualTo(1);
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
    void alsoInALargeSegmentTheLineNamesTheMessage() throws IOException {
        QueueOptions large =
                new QueueOptions(new JournalLimits(1 << 20, 1 << 20, 0), 8192, 65_536, Long.MAX_VALUE, 42, List.of());
        SimulatedDisk running = new SimulatedDisk();
        SimulatedDisk disk;
        try (JournalQueue queue = open(running, large)) {
            submit(queue, "whole\n");
            submit(queue, "y".repeat(500));
            submit(queue, "whole too\n");
            disk = running.copy();
        }
        Spot damaged = spot(disk, RecordFormat.ACCEPTED, 2);
        flip(disk, FIRST, damaged.at() + 400);
        open(disk, large).close();
        assertThat(log)
                .first()
                .isEqualTo("queue: " + FIRST + " is damaged: text or envelope of message 2, "
                        + (damaged.end() - damaged.at()) + " bytes from offset " + damaged.at()
                        + ", is not what it was");
    }

    @Test
    void aMessageWhoseTextIsDamagedIsNeverHandedOutAndIsKeptWhenItsSenderHasBeenTold() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        try (JournalQueue queue = open(disk)) {
            submit(queue, "y".repeat(500));
            submit(queue, "whole\n");
        }
        Spot damaged = spot(disk, RecordFormat.ACCEPTED, 1);
        flip(disk, FIRST, damaged.at() + 400);
        byte[] bytes = disk.bytes(FIRST);
        try (JournalQueue queue = open(disk)) {
            assertThat(queue.messages()).containsExactly(1L, 2L);
            queue.route(1, address -> new Routing(Channel.LOCAL, address));
            var source = queue.content(1);
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThatThrownBy(source::open)
                        .isInstanceOf(DamagedMessage.class)
                        .hasMessageContaining("message 1 is damaged");
            }
            assertThat(log)
                    .containsOnlyOnce("queue: message 1 is damaged: its text, in " + FIRST + " at offset "
                            + damaged.at() + ", is not what it was");
            queue.failed(1, 0, "<ann@y>:\ntoo long in the queue\n\n");
            queue.failed(1, 1, "<bob@z>:\ntoo long in the queue\n\n");
            queue.bounceSent(1);
            queue.finish(1);
            assertThat(log.getLast())
                    .isEqualTo(
                            "queue: message 1 is set aside as " + QUEUE.resolve("damaged")
                                    + "/1.*: text damaged, envelope whole, 0 of 2 recipients left; all its recipients are done");
            cleanUntilFirstIsGone(disk, queue);
            assertThat(content(queue, 2)).isEqualTo("whole\n");
        }
        assertThat(kept(disk, "1.damaged"))
                .hasSize((int) RecordFormat.getLong(bytes, damaged.at() + RecordFormat.SIZE));
        assertThat(disk.bytes(QUEUE.resolve("damaged/0000000001"))).startsWith(bytes(bytes, damaged.end()));
        try (JournalQueue queue = open(disk)) {
            assertThat(queue.messages()).doesNotContain(1L).contains(2L);
        }
    }

    /** What changes in a header when a segment is sealed is left out. */
    private static byte[] bytes(byte[] segment, int end) {
        return Arrays.copyOf(segment, end);
    }

    @Test
    void aTextThatCanBeReadAgainIsDeliveredAndNothingIsSetAside() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        try (JournalQueue queue = open(disk)) {
            submit(queue, "y".repeat(5000));
        }
        Path file = QUEUE.resolve("large/1");
        disk.breakBlock(file, 1);
        try (JournalQueue queue = open(disk)) {
            assertThatThrownBy(() -> content(queue, 1))
                    .isInstanceOf(DamagedMessage.class)
                    .hasMessage("message 1 is damaged: " + file + " cannot be read: Input/output error");
            disk.mend();
            assertThat(content(queue, 1)).isEqualTo("y".repeat(5000));
            queue.route(1, address -> new Routing(Channel.LOCAL, address));
            queue.done(1, 0);
            queue.done(1, 1);
            queue.finish(1);
            assertThat(disk.list(QUEUE)).doesNotContain("damaged");
        }
    }

    @Test
    void aMessageWhoseEnvelopeIsDamagedIsSetAsideWithItsTextAndWhatItsEnvelopeLooksLike() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        try (JournalQueue queue = open(disk)) {
            submit(queue, "z".repeat(300));
        }
        Spot damaged = spot(disk, RecordFormat.ACCEPTED, 1);
        flip(disk, FIRST, damaged.end() - 12); // the a of ann@y
        try (JournalQueue queue = open(disk)) {
            String why = "message 1 is damaged: its envelope, in " + FIRST + " at offset " + damaged.at()
                    + ", is not what it was";
            assertThatThrownBy(() -> queue.envelope(1))
                    .isInstanceOf(DamagedMessage.class)
                    .hasMessage(why);
            assertThatThrownBy(() -> queue.route(1, address -> new Routing(Channel.LOCAL, address)))
                    .isInstanceOf(DamagedMessage.class);
            queue.setAside(1, why);
            assertThat(queue.messages()).isEmpty();
            assertThat(log)
                    .contains("queue: message 1 is set aside as " + QUEUE.resolve("damaged")
                            + "/1.*: text whole, envelope damaged, 2 of 2 recipients left; " + why);
            assertThat(kept(disk, "1.msg")).startsWith("Received: (qmail 1 ").endsWith("z".repeat(300));
            assertThat(kept(disk, "1.env.damaged"))
                    .hasSize("Fjoe@x|Tann@y|Tbob@z||".length())
                    .startsWith("Fjoe@x\0T")
                    .endsWith("nn@y\0Tbob@z\0\0");
            cleanUntilFirstIsGone(disk, queue);
        }
        try (JournalQueue queue = open(disk)) {
            assertThat(queue.messages()).doesNotContain(1L);
        }
    }

    @Test
    void aRecipientWhoseBounceTextIsLostIsTriedAgainAndNoOtherIs() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        JournalQueue killed = open(disk);
        submit(killed, "x\n");
        killed.route(1, address -> new Routing(Channel.LOCAL, address));
        killed.failed(1, 0, "<ann@y>:\nno\n\n");
        killed.failed(1, 1, "<bob@z>:\nno\n\n");
        submit(killed, "what stands before an accepted message is durable\n");
        submit(killed, "and what stands before the next one says so in the journal\n");
        SimulatedDisk found = disk.copy();
        killed.close();
        flip(found, FIRST, spot(found, RecordFormat.BOUNCE, 1).at() + 30);
        try (JournalQueue queue = open(found)) {
            assertThat(queue.recipients(1, Channel.LOCAL, RecipientPage.START, 9)
                            .recipients())
                    .containsExactly(new Recipient(0, "ann@y"));
            assertThat(bounceText(queue)).isEqualTo("<bob@z>:\nno\n\n");
            queue.failed(1, 0, "<ann@y>:\nstill no\n\n");
            assertThat(bounceText(queue)).isEqualTo("<bob@z>:\nno\n\n<ann@y>:\nstill no\n\n");
        }
        assertThat(log).anyMatch(line -> line.contains(FIRST + " is damaged: ") && line.endsWith("about message 1"));
    }

    private static String bounceText(JournalQueue queue) throws IOException {
        try (var in = queue.bounceText(1).orElseThrow().open()) {
            return Octets.text(in.readAllBytes());
        }
    }

    @Test
    void damageThatComesWhileTheServerRunsIsNoticedAtTheNextDelivery() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        try (JournalQueue queue = open(disk)) {
            submit(queue, "y".repeat(500));
            submit(queue, "y".repeat(500));
            for (int i = 0; i < 10; i++) {
                submit(queue, "out of memory with the others\n" + "x".repeat(400));
            }
            flip(disk, FIRST, spot(disk, RecordFormat.ACCEPTED, 1).at() + 300);
            flip(disk, FIRST, spot(disk, RecordFormat.ACCEPTED, 2).at() + RecordFormat.BIRTH);
            assertThatThrownBy(() -> content(queue, 1)).isInstanceOf(DamagedMessage.class);
            assertThatThrownBy(() -> queue.envelope(2))
                    .isInstanceOf(DamagedMessage.class)
                    .hasMessageContaining("message 2 is damaged: the record at offset ");
            queue.setAside(2, "test");
            assertThat(kept(disk, "2.msg")).endsWith("y".repeat(500));
            assertThat(kept(disk, "2.env")).isEqualTo("Fjoe@x\0Tann@y\0Tbob@z\0\0");
            assertThat(content(queue, 3)).startsWith("out of memory");
        }
    }

    @Test
    void aDamagedMarkThatIsStillNeededDoesNotKeepOtherSegmentsFromBeingCleaned() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        try (JournalQueue queue = open(disk)) {
            submit(queue, "stays\n");
            for (int i = 0; i < 7; i++) {
                submit(queue, "keeps the first segment full\n" + "x".repeat(900));
            }
            Path routed = FIRST;
            while (routed.equals(FIRST)) {
                queue.finish(submit(queue, "x".repeat(1000)));
                routed = newest(disk);
            }
            queue.route(1, address -> new Routing(Channel.LOCAL, address));
            queue.finish(submit(queue, "what was routed is on the disk\n"));
            Spot routing = JournalSpots.of(routed, disk.bytes(routed)).stream()
                    .filter(spot -> spot.type() == RecordFormat.ROUTED)
                    .findFirst()
                    .orElseThrow();
            flip(disk, routed, routing.at() + 20);
            for (int i = 0; i < 60; i++) {
                queue.finish(submit(queue, "x".repeat(1000)));
            }
            for (int round = 0; disk.list(JOURNAL).size() > 8; round++) {
                assertThat(round).isLessThan(100);
                queue.clean();
            }
            assertThat(disk.list(JOURNAL)).contains(String.valueOf(routed.getFileName()));
            assertThat(log).anyMatch(line -> line.contains(" stays, because something in it is still needed"));
            assertThatThrownBy(() -> queue.recipients(1, Channel.LOCAL, RecipientPage.START, 9))
                    .isInstanceOf(IOException.class);
        }
        try (JournalQueue queue = open(disk)) {
            assertThat(queue.isRouted(1))
                    .as("a start makes up for it: it is decided again")
                    .isFalse();
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
    void aLargeFileWithoutARecordIsRemovedAndAMessageWithoutItsFileWaitsForIt() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        long waiting;
        try (JournalQueue queue = open(disk)) {
            waiting = submit(queue, "large\n".repeat(1000));
        }
        Path file = QUEUE.resolve("large/" + waiting);
        byte[] bytes = disk.bytes(file);
        disk.delete(file);
        disk.create(QUEUE.resolve("large/4242")).close();
        disk.create(QUEUE.resolve("large/4242.to")).close();
        try (JournalQueue queue = open(disk)) {
            assertThat(disk.list(QUEUE.resolve("large"))).isEmpty();
            assertThat(log).containsExactly("queue: message " + waiting + " is damaged: " + file + " is missing");
            assertThat(queue.envelope(waiting).sender()).isEqualTo("joe@x");
            assertThatThrownBy(() -> content(queue, waiting)).isInstanceOf(DamagedMessage.class);
            disk.create(file).close();
            disk.bytes(file, bytes);
            assertThat(content(queue, waiting)).isEqualTo("large\n".repeat(1000));
        }
    }

    @Test
    void aLargeFileIsKeptWhileTheSegmentWithItsRecordIsOutOfReach() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        long number;
        try (JournalQueue queue = open(disk)) {
            number = submit(queue, "large\n".repeat(1000));
        }
        disk.deny(FIRST);
        try (JournalQueue queue = open(disk)) {
            assertThat(queue.messages()).isEmpty();
            assertThat(log).anyMatch(line -> line.contains("unable to open " + FIRST + ", its mail waits there"));
        }
        assertThat(disk.list(QUEUE.resolve("damaged"))).containsExactly("large." + number);
        disk.mend();
        try (JournalQueue queue = open(disk)) {
            assertThat(content(queue, number)).isEqualTo("large\n".repeat(1000));
        }
        assertThat(disk.list(QUEUE.resolve("damaged"))).isEmpty();
    }

    @Test
    void aJournalOfTheFirstVersionsIsReadWithoutAWord() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        try (JournalQueue queue = open(disk)) {
            submit(queue, "x\n");
        }
        byte[] segment = disk.bytes(FIRST);
        Arrays.fill(segment, 40, 48, (byte) 0);
        disk.bytes(FIRST, segment);
        byte[] numbers = disk.bytes(JOURNAL.resolve("numbers"));
        Arrays.fill(numbers, 36, 44, (byte) 0);
        Arrays.fill(numbers, 100, 108, (byte) 0);
        disk.bytes(JOURNAL.resolve("numbers"), numbers);
        try (JournalQueue queue = open(disk)) {
            assertThat(content(queue, 1)).isEqualTo("x\n");
            assertThat(submit(queue, "y\n")).isEqualTo(2);
        }
        assertThat(log).isEmpty();
    }
}
