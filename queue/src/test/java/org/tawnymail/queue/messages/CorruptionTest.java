package org.tawnymail.queue.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.DamagedMessage;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.SimulatedDisk;
import org.tawnymail.queue.journal.JournalSpots;
import org.tawnymail.queue.journal.JournalSpots.Spot;
import org.tawnymail.queue.journal.RecordFormat;
import org.tawnymail.queue.messages.MixedQueue.Mail;

/**
 * Damages a {@link MixedQueue} in every way, and starts it each time. It must start; every message whose own bytes are as
 * they were must be there, whole, with everybody who has not got it, and with the bounce text of everybody who will not; a
 * message whose own bytes are not is never handed out, and a line says where it was.
 *
 * <p>With {@code -Dcorruption.stride=1} it tries every byte; without, every so many.
 */
@Timeout(3600)
class CorruptionTest {

    private static final int STRIDE = Integer.getInteger("corruption.stride", 97);
    private static final int BLOCK = SimulatedDisk.BLOCK;

    private static MixedQueue mixed;
    private static final Map<Long, Map<Path, List<long[]>>> OWN = new HashMap<>();

    private final List<String> log = new CopyOnWriteArrayList<>();
    private int trials;

    @BeforeAll
    static void makeTheQueue() throws IOException {
        mixed = new MixedQueue();
        for (long number : mixed.living.keySet()) {
            OWN.put(number, mixed.ownBytes(number));
        }
    }

    @AfterEach
    void somethingWasTried() {
        assertThat(trials).isGreaterThan(3);
    }

    /** Bytes of a file, from one offset up to another. */
    private record Part(Path file, long from, long to) {

        boolean touches(Path other, long[] range) {
            return file.equals(other) && from < range[1] && to > range[0];
        }
    }

    @Test
    void theQueueThatIsDamagedHasEverything() throws IOException {
        assertThat(MixedQueue.segments(mixed.disk)).hasSizeGreaterThan(3);
        assertThat(mixed.disk.list(MixedQueue.JOURNAL)).anyMatch(name -> name.startsWith("spare."));
        Set<Byte> types = new HashSet<>();
        for (Path segment : MixedQueue.segments(mixed.disk)) {
            JournalSpots.of(segment, mixed.disk.bytes(segment)).forEach(spot -> types.add(spot.type()));
        }
        for (byte type = RecordFormat.ACCEPTED; type <= 11; type++) {
            if (type != RecordFormat.BOUNCE_SENT) {
                assertThat(types).as("record types").contains(type);
            }
        }
        tryIt(mixed.disk.copy(), List.of());
        assertThat(log).isEmpty();
        trials = 99;
    }

    @Test
    void anyFlippedByteOfAnySegmentIsNoticedAndCostsNoMoreThanItsOwnMessage() throws IOException {
        int turn = 0;
        for (Path segment : MixedQueue.segments(mixed.disk)) {
            byte[] bytes = mixed.disk.bytes(segment);
            List<Spot> spots = JournalSpots.of(segment, bytes);
            int end = spots.isEmpty() ? 64 : spots.getLast().end();
            int proven = spots.stream()
                    .filter(Spot::isProof)
                    .mapToInt(Spot::at)
                    .max()
                    .orElse(end);
            boolean sealed = RecordFormat.getInt(bytes, 32) != 0;
            for (int at = turn % STRIDE; at < end + 200 && at < bytes.length; at += STRIDE) {
                byte[] flipped = bytes.clone();
                flipped[at] ^= pattern(turn++);
                SimulatedDisk disk = mixed.disk.copy();
                disk.bytes(segment, flipped);
                Set<Long> damaged = tryIt(disk, List.of(new Part(segment, at, at + 1)));
                boolean promised = sealed ? at < end : at < proven;
                if (promised && !isTextOfFinished(spots, at) && damaged.isEmpty()) {
                    assertThat(log).as("%s byte %d", segment, at).isNotEmpty();
                }
            }
        }
    }

    private static byte pattern(int turn) {
        return (byte) new int[] {0x01, 0x80, 0xff, 0x10, 0x55}[turn % 5];
    }

    /** Behind the head of a message's record, where nobody looks again when it is finished. */
    private static boolean isTextOfFinished(List<Spot> spots, int at) {
        return spots.stream()
                .anyMatch(spot -> spot.type() == RecordFormat.ACCEPTED
                        && at >= spot.at() + RecordFormat.BODY
                        && at < spot.end()
                        && !mixed.living.containsKey(spot.message()));
    }

    @Test
    void anyFlippedByteOfTheNumbersIsNoticedAndNoNumberComesTwice() throws IOException {
        Path numbers = MixedQueue.JOURNAL.resolve("numbers");
        byte[] bytes = mixed.disk.bytes(numbers);
        for (int at = 0; at < bytes.length; at++) {
            byte[] flipped = bytes.clone();
            flipped[at] ^= pattern(at);
            SimulatedDisk disk = mixed.disk.copy();
            disk.bytes(numbers, flipped);
            tryIt(disk, List.of());
            assertThat(log).as("byte %d", at).singleElement().asString().contains(numbers + " is damaged");
        }
        for (int length = 0; length < bytes.length; length++) {
            SimulatedDisk disk = mixed.disk.copy();
            disk.bytes(numbers, Arrays.copyOf(bytes, length));
            tryIt(disk, List.of());
        }
    }

    @Test
    void aSegmentThatWasCutAnywhereIsNoticedAndKeepsWhatIsBeforeTheCut() throws IOException {
        for (Path segment : MixedQueue.segments(mixed.disk)) {
            byte[] bytes = mixed.disk.bytes(segment);
            Set<Integer> cuts = new TreeSet<>(List.of(0, 1, 63, 64, 65));
            for (Spot spot : JournalSpots.of(segment, bytes)) {
                List<Integer> around = List.of(spot.at() - 1, spot.at(), spot.at() + 1);
                cuts.addAll(STRIDE == 1 ? around : List.of(around.get(spot.at() % around.size())));
            }
            for (int cut = 0; cut < bytes.length; cut += STRIDE) {
                cuts.add(cut);
            }
            for (int cut : cuts) {
                SimulatedDisk disk = mixed.disk.copy();
                disk.bytes(segment, Arrays.copyOf(bytes, cut));
                tryIt(disk, List.of(new Part(segment, cut, bytes.length)));
                assertThat(log).anyMatch(line -> line.contains(segment + " is damaged: it was cut at offset " + cut));
            }
        }
    }

    @Test
    void zeroedAndExchangedBlocksCostTheMessagesInThemAndNoOthers() throws IOException {
        List<Part> blocks = new ArrayList<>();
        for (Path segment : MixedQueue.segments(mixed.disk)) {
            int size = STRIDE == 1 ? 512 : BLOCK;
            for (int at = 0; at < mixed.disk.bytes(segment).length; at += size) {
                blocks.add(new Part(segment, at, at + size));
            }
        }
        for (Part block : blocks) {
            SimulatedDisk disk = mixed.disk.copy();
            fill(disk, block, new byte[(int) (block.to - block.from)]);
            tryIt(disk, List.of(block));
        }
        for (int i = 0; i < blocks.size(); i++) {
            for (int j = i + 1; j < blocks.size(); j += STRIDE == 1 ? 7 : 3) {
                SimulatedDisk disk = mixed.disk.copy();
                fill(disk, blocks.get(i), bytes(blocks.get(j)));
                fill(disk, blocks.get(j), bytes(blocks.get(i)));
                tryIt(disk, List.of(blocks.get(i), blocks.get(j)));
            }
        }
    }

    private static byte[] bytes(Part part) throws IOException {
        return Arrays.copyOfRange(mixed.disk.bytes(part.file), (int) part.from, (int) part.to);
    }

    private static void fill(SimulatedDisk disk, Part part, byte[] with) throws IOException {
        byte[] bytes = disk.bytes(part.file);
        System.arraycopy(with, 0, bytes, (int) part.from, with.length);
        disk.bytes(part.file, bytes);
    }

    @Test
    void blocksThatCannotBeReadCostTheMessagesInThemAndNoOthers() throws IOException {
        for (Path segment : MixedQueue.segments(mixed.disk)) {
            for (long block = 0; block * BLOCK < mixed.disk.bytes(segment).length; block++) {
                SimulatedDisk disk = mixed.disk.copy();
                disk.breakBlock(segment, block);
                tryIt(disk, List.of(new Part(segment, block * BLOCK, (block + 1) * BLOCK)));
            }
        }
    }

    @Test
    void aSegmentThatIsMissingIsNamedAndTheMailInTheOthersIsThere() throws IOException {
        List<Path> segments = MixedQueue.segments(mixed.disk);
        for (Path segment : segments) {
            SimulatedDisk disk = mixed.disk.copy();
            disk.delete(segment);
            tryIt(disk, List.of(new Part(segment, 0, Long.MAX_VALUE)));
            // The last one was prepared, and nothing was ever in it.
            assertThat(log.stream().anyMatch(line -> line.contains(segment + " is missing")))
                    .isEqualTo(!segment.equals(segments.getLast()));
        }
    }

    @Test
    void aSegmentThatMayNotBeOpenedIsNamedAndItsMailIsThereWhenItMay() throws IOException {
        for (Path segment : MixedQueue.segments(mixed.disk)) {
            SimulatedDisk disk = mixed.disk.copy();
            disk.deny(segment);
            tryIt(disk, List.of(new Part(segment, 0, Long.MAX_VALUE)));
            assertThat(log).anyMatch(line -> line.contains("unable to open " + segment));
            disk.mend();
            tryIt(disk, List.of());
        }
    }

    @Test
    void aSegmentUnderAnotherNameIsReadAndASecondCopyIsSetAside() throws IOException {
        List<Path> segments = MixedQueue.segments(mixed.disk);
        // The last one was prepared, and nothing was ever in it.
        for (Path segment : segments.subList(0, segments.size() - 1)) {
            SimulatedDisk renamed = mixed.disk.copy();
            renamed.rename(segment, MixedQueue.JOURNAL.resolve("0000004711"));
            tryIt(renamed, List.of());
            assertThat(log).anyMatch(line -> line.contains("0000004711 is segment "));
            SimulatedDisk twice = mixed.disk.copy();
            Path copy = MixedQueue.JOURNAL.resolve("0000004711");
            twice.create(copy).close();
            twice.bytes(copy, mixed.disk.bytes(segment));
            tryIt(twice, List.of());
            assertThat(log).anyMatch(line -> line.contains(copy + " is a second copy of segment "));
            assertThat(twice.list(MixedQueue.QUEUE.resolve("damaged"))).contains("0000004711");
        }
        for (int i = 1; i < segments.size(); i++) {
            SimulatedDisk exchanged = mixed.disk.copy();
            exchanged.bytes(segments.get(i), mixed.disk.bytes(segments.get(i - 1)));
            exchanged.bytes(segments.get(i - 1), mixed.disk.bytes(segments.get(i)));
            tryIt(exchanged, List.of());
        }
    }

    @Test
    void anyDamageOfALargeFileIsNoticedAndCostsNoMoreThanItsOwnMessage() throws IOException {
        int turn = 0;
        for (String name : mixed.disk.list(MixedQueue.LARGE)) {
            Path file = MixedQueue.LARGE.resolve(name);
            byte[] bytes = mixed.disk.bytes(file);
            int stride = bytes.length > 10_000 ? STRIDE * 40 : STRIDE;
            for (int at = 0; at < bytes.length; at += stride) {
                byte[] flipped = bytes.clone();
                flipped[at] ^= pattern(turn++);
                SimulatedDisk disk = mixed.disk.copy();
                disk.bytes(file, turn % 3 == 0 ? Arrays.copyOf(bytes, at) : flipped);
                assertThat(tryIt(disk, List.of(new Part(file, at, bytes.length))))
                        .hasSize(1);
            }
            SimulatedDisk disk = mixed.disk.copy();
            disk.delete(file);
            assertThat(tryIt(disk, List.of(new Part(file, 0, bytes.length)))).hasSize(1);
            disk = mixed.disk.copy();
            disk.breakBlock(file, 0);
            assertThat(tryIt(disk, List.of(new Part(file, 0, bytes.length)))).hasSize(1);
        }
    }

    @Test
    void aDamagedQueueWorksOnToItsEndAndWhatWasDamagedIsKept() throws IOException {
        int turn = 0;
        for (Path segment : MixedQueue.segments(mixed.disk)) {
            for (Spot spot : MixedQueue.spots(mixed.disk, segment)) {
                Mail mail = mixed.living.get(spot.message());
                if (spot.type() != RecordFormat.ACCEPTED || mail == null || (STRIDE > 1 && turn++ % 3 > 0)) {
                    continue;
                }
                for (int at : List.of(spot.at() + 30, spot.at() + RecordFormat.BODY + 3, spot.end() - 2)) {
                    SimulatedDisk disk = mixed.disk.copy();
                    byte[] bytes = disk.bytes(segment);
                    bytes[at] ^= 0x04;
                    disk.bytes(segment, bytes);
                    trials++;
                    workToTheEnd(disk);
                    byte[] damaged = Arrays.copyOfRange(bytes, spot.at() + RecordFormat.BODY, spot.end());
                    assertThat(isKept(disk, damaged)).as("%s of %s", at, spot).isTrue();
                }
            }
        }
    }

    /** What a server makes of it in the time that mail is tried: everything is delivered, bounced or set aside. */
    private void workToTheEnd(SimulatedDisk disk) throws IOException {
        log.clear();
        try (JournalQueue queue = MixedQueue.open(disk, log::add)) {
            for (long number : queue.messages()) {
                try {
                    deliver(queue, number);
                } catch (DamagedMessage damaged) {
                    queue.setAside(number, "test");
                }
            }
            Path oldest = MixedQueue.segments(disk).getFirst();
            for (int round = 0; round < 3 || MixedQueue.segments(disk).contains(oldest); round++) {
                assertThat(round).isLessThan(1000);
                queue.finish(submit(queue));
                queue.clean();
            }
        }
        try (JournalQueue queue = MixedQueue.open(disk, log::add)) {
            assertThat(queue.messages()).isEmpty();
        }
    }

    private static void deliver(JournalQueue queue, long number) throws IOException {
        queue.envelope(number);
        if (!queue.isRouted(number)) {
            queue.route(number, MixedQueue::decide);
        }
        boolean whole = true;
        try {
            content(queue, number);
        } catch (DamagedMessage damaged) {
            whole = false;
        }
        for (Channel channel : Channel.values()) {
            var page = queue.recipients(number, channel, RecipientPage.START, Integer.MAX_VALUE);
            for (var recipient : page.recipients()) {
                if (whole) {
                    queue.done(number, recipient.index());
                } else {
                    queue.failed(number, recipient.index(), "<" + recipient.address() + ">:\nno\n\n");
                }
            }
        }
        queue.bounceSent(number);
        queue.finish(number);
    }

    /** Whether the bytes are in a file that was set aside: those of a text, or of a whole segment. */
    private static boolean isKept(SimulatedDisk disk, byte[] bytes) throws IOException {
        String wanted = Octets.text(bytes);
        for (String name : disk.list(MixedQueue.QUEUE.resolve("damaged"))) {
            String kept =
                    Octets.text(disk.bytes(MixedQueue.QUEUE.resolve("damaged").resolve(name)));
            if (kept.contains(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Starts the queue and looks after every message; those that are damaged are returned. */
    private Set<Long> tryIt(SimulatedDisk disk, List<Part> parts) throws IOException {
        trials++;
        log.clear();
        Set<Long> damaged = new HashSet<>();
        try (JournalQueue queue = MixedQueue.open(disk, log::add)) {
            for (var entry : mixed.living.entrySet()) {
                long number = entry.getKey();
                boolean intact = OWN.getOrDefault(number, Map.of()).entrySet().stream()
                        .noneMatch(own -> own.getValue().stream()
                                .anyMatch(range -> parts.stream().anyMatch(part -> part.touches(own.getKey(), range))));
                String what = "message " + number + " after damage of " + parts;
                if (intact) {
                    assertThat(queue.messages()).as(what).contains(number);
                    checkIntact(queue, number, entry.getValue(), what);
                } else if (!isStillWhole(queue, number, entry.getValue(), what)) {
                    damaged.add(number);
                    assertThat(log.isEmpty() && !isEndWiped(parts)).as(what).isFalse();
                }
            }
            assertThat(submit(queue)).as("a number that was never used").isGreaterThan(mixed.highest);
        }
        return damaged;
    }

    /**
     * Whether the last proof of a segment that is not sealed is gone too: then nothing can tell what was wiped from what was
     * never written.
     */
    private static boolean isEndWiped(List<Part> parts) throws IOException {
        for (Path segment : MixedQueue.segments(mixed.disk)) {
            byte[] bytes = mixed.disk.bytes(segment);
            List<Spot> spots = JournalSpots.of(segment, bytes);
            if (RecordFormat.getInt(bytes, 32) == 0 && !spots.isEmpty()) {
                long[] last = {spots.getLast().at(), spots.getLast().end()};
                return parts.stream().anyMatch(part -> part.touches(segment, last));
            }
        }
        return false;
    }

    private static long submit(JournalQueue queue) throws IOException {
        try (Submission submission = queue.begin(Origin.USER)) {
            submission.message().write(Octets.of("new\n"));
            return ((QueueResult.Accepted) submission.commit("joe@x", List.of("ann@y"))).qp();
        }
    }

    private static void checkIntact(JournalQueue queue, long number, Mail mail, String what) throws IOException {
        assertThat(content(queue, number)).as(what).isEqualTo(mail.text);
        assertThat(queue.envelope(number).sender()).as(what).isEqualTo(mail.sender);
        assertThat(queue.envelope(number).recipients()).as(what).isEqualTo(mail.recipients.size());
        checkRecipients(queue, number, mail, what);
    }

    private static String content(JournalQueue queue, long number) throws IOException {
        try (var in = queue.content(number).open()) {
            return Octets.text(in.readAllBytes());
        }
    }

    /** Nobody is lost: who is done has it, or the sender will be told. */
    private static void checkRecipients(JournalQueue queue, long number, Mail mail, String what) throws IOException {
        if (!queue.isRouted(number)) {
            List<String> routed = new ArrayList<>();
            queue.route(number, address -> {
                routed.add(address);
                return MixedQueue.decide(address);
            });
            assertThat(routed).as(what).isEqualTo(mail.recipients);
        }
        Set<Integer> open = new TreeSet<>();
        for (Channel channel : Channel.values()) {
            var page = queue.recipients(number, channel, RecipientPage.START, Integer.MAX_VALUE);
            page.recipients().forEach(recipient -> {
                Routing way = MixedQueue.decide(mail.recipients.get(recipient.index()));
                assertThat(recipient.address()).as(what).isEqualTo(way.address());
                assertThat(channel).as(what).isEqualTo(way.channel());
                open.add(recipient.index());
            });
        }
        String bounce = "";
        if (queue.bounceText(number).isPresent()) {
            try (var in = queue.bounceText(number).get().open()) {
                bounce = Octets.text(in.readAllBytes());
            }
        }
        for (int i = 0; i < mail.recipients.size(); i++) {
            if (!open.contains(i) && mail.failed.containsKey(i)) {
                assertThat(bounce).as(what).contains(mail.failed.get(i));
            } else if (!open.contains(i)) {
                assertThat(mail.done).as(what).contains(i);
            }
        }
    }

    /** A message whose own bytes were touched: it may be as it was; if not, it is never handed out, and somebody says so. */
    private boolean isStillWhole(JournalQueue queue, long number, Mail mail, String what) throws IOException {
        if (!queue.messages().contains(number)) {
            return false;
        }
        boolean whole = true;
        try {
            assertThat(content(queue, number)).as(what).isEqualTo(mail.text);
        } catch (DamagedMessage damaged) {
            whole = false;
            assertThat(damaged).hasMessageContaining("message " + number + " is damaged");
        }
        try {
            assertThat(queue.envelope(number).sender()).as(what).isEqualTo(mail.sender);
            checkRecipients(queue, number, mail, what);
        } catch (DamagedMessage damaged) {
            whole = false;
            queue.setAside(number, "test");
            assertThat(log).as(what).anyMatch(line -> line.contains("message " + number + " is set aside as "));
        } catch (IOException other) {
            fail(what, other);
        }
        assertThat(whole || log.stream().anyMatch(line -> line.contains("message " + number + " is ")))
                .as(what)
                .isTrue();
        return whole;
    }
}
