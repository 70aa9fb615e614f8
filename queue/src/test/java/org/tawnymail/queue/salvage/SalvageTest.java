package org.tawnymail.queue.salvage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.disk.SimulatedDisk;
import org.tawnymail.queue.journal.JournalSpots.Spot;
import org.tawnymail.queue.journal.RecordFormat;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.MixedQueue;
import org.tawnymail.queue.messages.MixedQueue.Mail;
import org.tawnymail.queue.messages.Shelf;

/**
 * Salvages a {@link MixedQueue} that was damaged in every way. What has the name of a whole text or envelope is one that was
 * accepted; every message whose own bytes are as they were is written out with everybody who has not got it; where something is
 * damaged, the salvage says so. With {@code -Dcorruption.stride=1} it tries every byte.
 */
@Timeout(3600)
class SalvageTest {

    private static final int STRIDE = Integer.getInteger("corruption.stride", 97);
    private static final Path TO = Path.of("/salvaged");

    private static MixedQueue mixed;
    private static Map<Long, Map<Path, List<long[]>>> own;

    private final List<String> report = new ArrayList<>();
    private SimulatedDisk target = new SimulatedDisk();

    @BeforeAll
    static void makeTheQueue() throws IOException {
        mixed = new MixedQueue();
        own = new TreeMap<>();
        for (long number : mixed.living.keySet()) {
            own.put(number, mixed.ownBytes(number));
        }
    }

    /** True if all was whole. */
    private boolean salvage(SimulatedDisk disk) throws IOException {
        report.clear();
        target = new SimulatedDisk();
        target.makeDirectory(TO);
        long before = disk.operations();
        boolean whole =
                new Salvage(disk, MixedQueue.QUEUE, Shelf.of(target, TO), UnaryOperator.identity(), report::add).run();
        assertThat(disk.operations()).as("changes of the queue").isEqualTo(before);
        return whole;
    }

    private Set<String> names() throws IOException {
        return new TreeSet<>(target.list(TO));
    }

    private String file(String name) throws IOException {
        return Octets.text(target.bytes(TO.resolve(name)));
    }

    private static String envelope(Mail mail) {
        StringBuilder envelope = new StringBuilder("F" + mail.sender + "\0");
        MixedQueue.left(mail)
                .forEach(address -> envelope.append('T').append(address).append('\0'));
        return envelope.append('\0').toString();
    }

    @Test
    void allOfAWholeQueueComesOutAsQmailQueueReadsIt() throws IOException {
        assertThat(salvage(mixed.disk.copy())).isTrue();
        Set<String> expected = new TreeSet<>();
        for (var entry : mixed.living.entrySet()) {
            long number = entry.getKey();
            Mail mail = entry.getValue();
            expected.add(number + ".msg");
            assertThat(file(number + ".msg")).isEqualTo(mail.text);
            if (!MixedQueue.left(mail).isEmpty()) {
                expected.add(number + ".env");
                assertThat(file(number + ".env")).isEqualTo(envelope(mail));
            }
            if (!mail.failed.isEmpty() || mail.sender.equals("old@there")) {
                expected.add(number + ".bounce");
                mail.failed.values().forEach(text -> {
                    try {
                        assertThat(file(number + ".bounce")).contains(text);
                    } catch (IOException missing) {
                        throw new AssertionError(missing);
                    }
                });
            }
        }
        assertThat(names()).isEqualTo(expected);
        assertThat(report)
                .contains("msg 1: 7 Mar 2025 09:04:05 -0000 from <old@there>: text whole, envelope whole, 1 of"
                        + " 2 recipients left, bounce text");
        assertThat(report.getLast()).isEqualTo(mixed.living.size() + " messages, 0 of them damaged; 0 damaged places");
    }

    @Test
    void anyFlippedByteCostsNoMoreThanItsOwnMessage() throws IOException {
        int turn = 0;
        List<Path> files = new ArrayList<>(MixedQueue.segments(mixed.disk));
        mixed.disk.list(MixedQueue.LARGE).forEach(name -> files.add(MixedQueue.LARGE.resolve(name)));
        for (Path file : files) {
            byte[] bytes = mixed.disk.bytes(file);
            int stride = bytes.length > 10_000 ? STRIDE * 40 : STRIDE;
            for (int at = turn % stride; at < bytes.length; at += stride) {
                SimulatedDisk disk = mixed.disk.copy();
                byte[] flipped = bytes.clone();
                flipped[at] ^= (byte) new int[] {0x01, 0x80, 0xff, 0x10}[turn++ % 4];
                disk.bytes(file, flipped);
                boolean whole = salvage(disk);
                check(file, at, at + 1, whole);
            }
            SimulatedDisk cut = mixed.disk.copy();
            cut.bytes(file, Arrays.copyOf(bytes, bytes.length / 2));
            assertThat(salvage(cut)).isFalse();
            check(file, bytes.length / 2, bytes.length, false);
        }
    }

    private void check(Path file, int from, int to, boolean whole) throws IOException {
        String what = file + " changed from " + from;
        Set<String> names = names();
        for (String name : names) {
            if (name.endsWith(".msg")) {
                assertThat(mixed.texts.contains(file(name)))
                        .as(what + ": " + name)
                        .isTrue();
            }
        }
        for (var entry : mixed.living.entrySet()) {
            long number = entry.getKey();
            Mail mail = entry.getValue();
            boolean intact = own.getOrDefault(number, Map.of()).entrySet().stream()
                    .noneMatch(one -> one.getKey().equals(file)
                            && one.getValue().stream().anyMatch(range -> from < range[1] && to > range[0]));
            if (intact) {
                assertThat(names).as(what).contains(number + ".msg");
                assertThat(file(number + ".msg")).as(what).isEqualTo(mail.text);
                checkEnvelope(number, mail, what);
            } else if (!names.contains(number + ".msg")
                    || !(names.contains(number + ".env")
                            || MixedQueue.left(mail).isEmpty())) {
                assertThat(whole).as(what).isFalse();
            }
        }
    }

    /** Who has it may get it again, who has not must be there. */
    private void checkEnvelope(long number, Mail mail, String what) throws IOException {
        List<String> left = MixedQueue.left(mail);
        if (left.isEmpty()) {
            return;
        }
        String envelope = file(number + ".env");
        assertThat(envelope).as(what).startsWith("F" + mail.sender + "\0T").endsWith("\0\0");
        Set<String> listed = Set.of(envelope.substring(mail.sender.length() + 3, envelope.length() - 2)
                .split("\0T"));
        assertThat(listed.containsAll(left)).as(what).isTrue();
        assertThat(Set.copyOf(mail.recipients).containsAll(listed)).as(what).isTrue();
    }

    @Test
    void aMessageWhoseHeadIsDamagedComesOutUnderTheNameOfItsPlaceAndNotAsAWholeOne() throws IOException {
        Path segment = MixedQueue.segments(mixed.disk).getFirst();
        Spot spot = MixedQueue.spots(mixed.disk, segment).stream()
                .filter(one -> one.type() == RecordFormat.ACCEPTED && one.message() == 3)
                .findFirst()
                .orElseThrow();
        SimulatedDisk disk = mixed.disk.copy();
        byte[] bytes = disk.bytes(segment);
        bytes[spot.at() + RecordFormat.UID] ^= 1;
        disk.bytes(segment, bytes);
        assertThat(salvage(disk)).isFalse();
        Mail mail = mixed.living.get(3L);
        String name = segment.getFileName() + "." + spot.at();
        assertThat(names()).doesNotContain("3.msg", "3.env", name + ".msg").contains(name + ".damaged", name + ".env");
        assertThat(file(name + ".damaged")).isEqualTo(mail == null ? "" : mail.text);
        assertThat(file(name + ".env")).isEqualTo("Fjoe@corp\0Tann@here\0Tbob@far\0Teve@far\0\0");
        assertThat(report).anyMatch(line -> line.startsWith(name + ", the head of its record damaged: 7 Mar 2025 "));
    }

    @Test
    void withoutAnySaltTheMessagesComeOutAllTheSame() throws IOException {
        SimulatedDisk disk = mixed.disk.copy();
        disk.delete(MixedQueue.JOURNAL.resolve("numbers"));
        for (Path segment : MixedQueue.segments(mixed.disk)) {
            byte[] bytes = disk.bytes(segment);
            Arrays.fill(bytes, 0, 64, (byte) 0);
            disk.bytes(segment, bytes);
        }
        assertThat(salvage(disk)).isFalse();
        Set<String> found = new TreeSet<>();
        for (String name : names()) {
            assertThat(name).doesNotEndWith(".msg");
            if (name.endsWith(".damaged") && mixed.texts.contains(file(name))) {
                found.add(file(name));
            }
        }
        mixed.living.values().forEach(mail -> assertThat(found).contains(mail.text));
    }

    @Test
    void withTheSaltOfOneSegmentAllOthersAreRead() throws IOException {
        List<Path> segments = MixedQueue.segments(mixed.disk);
        SimulatedDisk disk = mixed.disk.copy();
        disk.delete(MixedQueue.JOURNAL.resolve("numbers"));
        for (Path segment : segments.subList(1, segments.size())) {
            byte[] bytes = disk.bytes(segment);
            Arrays.fill(bytes, 0, 64, (byte) 0);
            disk.bytes(segment, bytes);
        }
        assertThat(salvage(disk)).isFalse();
        for (long number : mixed.living.keySet()) {
            assertThat(names()).contains(number + ".msg");
        }
    }

    @Test
    void whatTheServerSetAsideAndWhatWaitsForItComesOutToo() throws IOException {
        SimulatedDisk disk = mixed.disk.copy();
        Path segment = MixedQueue.segments(disk).getFirst();
        Spot spot = MixedQueue.spots(disk, segment).stream()
                .filter(one -> one.type() == RecordFormat.ACCEPTED && one.message() == 3)
                .findFirst()
                .orElseThrow();
        byte[] bytes = disk.bytes(segment);
        bytes[spot.end() - 2] ^= 1;
        disk.bytes(segment, bytes);
        try (JournalQueue queue = MixedQueue.open(disk, report::add)) {
            queue.setAside(3, "test");
        }
        drop(disk, "drop", "0123", "TAWNYS1\n\0\0\0\3hi\n\0\0\0\0Fjoe\0Tann\0\0");
        drop(disk, "intake", "4567", "TAWNYS1\n\0\0\0\3hi\n\0\0\0\0Fjoe\0Tann\0");
        drop(disk, "drop", ".unfinished", "TAWNYS1\n\0\0");
        drop(disk, "damaged", "drop.89ab", "From joe\n");
        assertThat(salvage(disk)).isFalse();
        assertThat(mixed.texts).contains(file("3.msg"));
        assertThat(names()).contains("3.env.damaged", "drop.0123.msg", "drop.0123.env", "drop.4567.damaged");
        assertThat(names()).doesNotContain("3.env", "drop.4567.msg", "drop.4567.env", "drop.89ab.msg");
        assertThat(names()).noneMatch(name -> name.contains("unfinished"));
        assertThat(file("drop.0123.msg")).isEqualTo("hi\n");
        assertThat(file("drop.0123.env")).isEqualTo("Fjoe\0Tann\0\0");
        assertThat(report)
                .contains(
                        "drop.0123: from <joe>: whole, 1 recipient",
                        "drop.4567: damaged: its envelope ends too early",
                        "drop.89ab: damaged: it does not begin as a submission");
    }

    private static void drop(SimulatedDisk disk, String directory, String name, String submission) throws IOException {
        Path file = MixedQueue.QUEUE.resolve(directory).resolve(name);
        disk.makeDirectory(MixedQueue.QUEUE.resolve(directory));
        disk.create(file).close();
        disk.bytes(file, Octets.of(submission));
    }
}
