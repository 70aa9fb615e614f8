package org.tawnymail.queue.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Envelope;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.disk.DiskFile;
import org.tawnymail.queue.disk.SimulatedDisk;
import org.tawnymail.queue.journal.JournalLimits;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;

/**
 * An old queue is adopted in place, and the power goes at some operation of the disk, again and again; in between a server
 * may have delivered what was taken so far. In the end each message came exactly once, with the recipients that were not
 * done, and with its bounce text.
 */
@Timeout(120)
class AdoptionCrashTest {

    private static final Path QUEUE = Path.of("/home/queue");
    private static final Instant NOW = Instant.parse("2025-03-07T09:04:05Z");
    private static final int SPLIT = 23;
    private static final List<String> OFF =
            List.of("power is off", "queue is closed", "journal is broken", "no room in", " ends torn: ");

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Map<String, String> expected = new TreeMap<>();
    private final Map<String, String> delivered = new HashMap<>();
    private SplittableRandom random = new SplittableRandom(1);

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void eachMessageComesOnceHoweverOftenThePowerGoes(long seed) throws IOException {
        random = new SplittableRandom(seed);
        SimulatedDisk disk = oldQueue(30);
        for (int round = 0; round < 60; round++) {
            disk.powerOffAfter(random.nextInt(1, 120));
            boolean complete = adopt(disk);
            disk = disk.afterPowerLoss(random);
            if (random.nextInt(3) == 0) {
                deliver(disk);
            }
            if (complete) {
                break;
            }
        }
        adoptToTheEnd(disk);
        deliver(disk);
        assertThat(delivered).as("seed %d", seed).isEqualTo(expected);
        assertThat(log).as("seed %d", seed).isEmpty();
    }

    /** More of them, and others, with {@code -Dcrash.seeds=1000 -Dcrash.first=77}. */
    static LongStream seeds() {
        long first = Long.getLong("crash.first", 1);
        return LongStream.range(first, first + Long.getLong("crash.seeds", 20));
    }

    @Test
    void thePowerMayGoAtAnyOperation() throws IOException {
        SimulatedDisk whole = oldQueue(6);
        SimulatedDisk undisturbed = whole.afterPowerLoss(random);
        adoptToTheEnd(undisturbed);
        long operations = undisturbed.operations();
        assertThat(operations).isGreaterThan(50);
        for (long cut = 0; cut <= operations; cut++) {
            for (boolean deliverBetween : new boolean[] {false, true}) {
                delivered.clear();
                SimulatedDisk disk = whole.afterPowerLoss(random);
                disk.powerOffAfter(cut);
                adopt(disk);
                disk = disk.afterPowerLoss(random);
                if (deliverBetween) {
                    deliver(disk);
                }
                adoptToTheEnd(disk);
                deliver(disk);
                assertThat(delivered).as("cut at operation %d", cut).isEqualTo(expected);
            }
        }
    }

    // ---- what is done with the queue

    private JournalQueue open(SimulatedDisk disk) throws IOException {
        QueueOptions options =
                new QueueOptions(new JournalLimits(8 << 10, 16 << 10, 2), 1024, 4096, Long.MAX_VALUE, 42, List.of());
        return JournalQueue.open(QUEUE, options, InstantSource.fixed(NOW), disk, random, this::note);
    }

    private void note(String line) {
        if (OFF.stream().noneMatch(line::contains)) {
            log.add(line);
        }
    }

    /** True if the power lasted. */
    private boolean adopt(SimulatedDisk disk) throws IOException {
        try {
            adoptToTheEnd(disk);
            return true;
        } catch (IOException powerOff) {
            assertThat(powerOff).hasMessageMatching(".*(power is off|queue is closed|journal is broken|no room in).*");
            return false;
        }
    }

    private void adoptToTheEnd(SimulatedDisk disk) throws IOException {
        JournalQueue queue = open(disk);
        try {
            QueueAdoption.run(disk, QUEUE, queue.adoption(), InstantSource.fixed(NOW), new QueueAdoption.Report() {
                @Override
                public void left(String file, String why) {
                    log.add(file + ": " + why);
                }

                @Override
                public void progress(long taken) {}
            });
        } finally {
            queue.close();
        }
    }

    /** A server comes up and delivers everything that is there. */
    private void deliver(SimulatedDisk disk) throws IOException {
        try (JournalQueue queue = open(disk)) {
            for (long number : queue.messages()) {
                String content;
                try (var in = queue.content(number).open()) {
                    content = Octets.text(in.readAllBytes());
                }
                String before = delivered.put(content, describe(queue, number));
                assertThat(before).as("delivered twice: %s", content).isNull();
                queue.finish(number);
            }
        }
    }

    private static String describe(JournalQueue queue, long number) throws IOException {
        Envelope envelope = queue.envelope(number);
        StringBuilder text = new StringBuilder("from " + envelope.sender() + " born " + envelope.birth());
        if (!queue.isRouted(number)) {
            queue.route(number, address -> {
                text.append(" to ").append(address);
                return new Routing(Channel.LOCAL, address);
            });
            return text.toString();
        }
        for (Channel channel : Channel.values()) {
            for (var recipient : queue.recipients(number, channel, RecipientPage.START, Integer.MAX_VALUE)
                    .recipients()) {
                text.append(' ').append(channel).append(' ').append(recipient.address());
            }
        }
        var bounce = queue.bounceText(number);
        if (bounce.isPresent()) {
            try (var in = bounce.get().open()) {
                text.append(" bouncing ").append(Octets.text(in.readAllBytes()));
            }
        }
        return text.toString();
    }

    // ---- the old queue

    private SimulatedDisk oldQueue(int messages) throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        for (String name : List.of("mess", "info", "local", "remote")) {
            disk.makeDirectory(QUEUE.resolve(name));
            for (int part = 0; part < SPLIT; part++) {
                disk.makeDirectory(QUEUE.resolve(name).resolve(Integer.toString(part)));
            }
        }
        for (String name : List.of("todo", "intd", "bounce", "lock")) {
            disk.makeDirectory(QUEUE.resolve(name));
        }
        for (int i = 0; i < messages; i++) {
            long number = 100_000 + i * 37L;
            String text =
                    "Received: (qmail " + i + " invoked by uid 7); x\n\n" + "x".repeat(random.nextInt(3000)) + i + "\n";
            write(disk, split("mess", number), text, NOW.minusSeconds(5000 + i));
            boolean isQueued = i % 3 == 0;
            expected.put(text, isQueued ? queued(disk, number, i) : preprocessed(disk, number, i));
        }
        return disk;
    }

    private String queued(SimulatedDisk disk, long number, int i) throws IOException {
        StringBuilder todo = new StringBuilder("u7\0p44\0Fann" + i + "@here\0");
        StringBuilder says = new StringBuilder("from ann" + i + "@here born " + NOW);
        for (int r = random.nextInt(4); r > 0; r--) {
            todo.append("Tto").append(r).append("@there\0");
            says.append(" to to").append(r).append("@there");
        }
        write(disk, "todo/" + number, todo.toString(), NOW);
        if (i % 2 == 0) {
            write(disk, "intd/" + number, todo.toString(), NOW);
            write(disk, split("info", number), "Fann" + i + "@here\0", NOW);
            write(disk, split("local", number), "Thalf", NOW);
        }
        return says.toString();
    }

    private String preprocessed(SimulatedDisk disk, long number, int i) throws IOException {
        Instant birth = NOW.minusSeconds(1000 + i);
        StringBuilder says = new StringBuilder("from list-@here-@[] born " + birth);
        write(disk, split("info", number), "Flist-@here-@[]\0", birth);
        boolean many = random.nextInt(6) == 0;
        for (Channel channel : Channel.values()) {
            int count = many ? 120 : random.nextInt(4);
            StringBuilder file = new StringBuilder();
            for (int r = 0; r < count; r++) {
                boolean done = random.nextInt(3) == 0;
                String address = "r" + r + "@" + channel;
                file.append(done ? 'D' : 'T').append(address).append('\0');
                says.append(done ? "" : " " + channel + " " + address);
            }
            if (count > 0) {
                write(disk, split(channel == Channel.LOCAL ? "local" : "remote", number), file.toString(), NOW);
            }
        }
        if (random.nextBoolean()) {
            String text = "<r@x>:\nno\n\n".repeat(random.nextInt(5));
            write(disk, "bounce/" + number, text, NOW);
            says.append(" bouncing ").append(text);
        }
        return says.toString();
    }

    private static String split(String directory, long number) {
        return directory + "/" + number % SPLIT + "/" + number;
    }

    private static void write(SimulatedDisk disk, String name, String text, Instant modified) throws IOException {
        Path file = QUEUE.resolve(name);
        try (DiskFile created = disk.create(file)) {
            created.write(ByteBuffer.wrap(Octets.of(text)), 0);
            created.force();
        }
        disk.modified(file, modified);
        Path directory = file.getParent();
        if (directory != null) {
            disk.forceDirectory(directory);
        }
    }
}
