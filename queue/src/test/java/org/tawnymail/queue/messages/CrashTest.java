package org.tawnymail.queue.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.SimulatedDisk;
import org.tawnymail.queue.journal.JournalLimits;

/**
 * Mail comes, is routed, delivered, bounced and finished at random, and the power goes at a random operation of the disk,
 * many times on the same queue. Whatever was acknowledged and not finished must be there afterwards, with every recipient
 * that was not marked done, and with the bounce text of every recipient that counts as done because it bounced.
 */
@Timeout(120)
class CrashTest {

    private static final Path QUEUE = Path.of("/home/queue");
    private static final Instant NOW = Instant.parse("2025-03-07T09:04:05Z");

    private static final List<String> OFF =
            List.of("power is off", "queue is closed", "journal is broken", "no room in", " ends torn: ");

    private static final class Expected {
        private final String text;
        private final int recipients;
        private final Set<Integer> marked = new HashSet<>();
        private final Set<Integer> bounced = new HashSet<>();
        private boolean finished;

        Expected(String text, int recipients) {
            this.text = text;
            this.recipients = recipients;
        }
    }

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Map<Long, Expected> acknowledged = new TreeMap<>();
    private final Map<String, Integer> offered = new HashMap<>();
    private final Set<Long> numbers = new HashSet<>();
    private SplittableRandom random = new SplittableRandom(0);

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noAcknowledgedMessageIsLost(long seed) throws IOException {
        random = new SplittableRandom(seed);
        SimulatedDisk disk = new SimulatedDisk();
        for (int round = 0; round < 12; round++) {
            disk.powerOffAfter(random.nextInt(5, 700));
            try {
                run(disk);
            } catch (IOException powerOff) {
                assertThat(powerOff).hasMessageContaining("power is off");
            }
            disk = disk.afterPowerLoss(random);
            try (JournalQueue queue = open(disk)) {
                check(queue, seed, round);
            }
            assertThat(log).as("seed %d round %d", seed, round).isEmpty();
        }
    }

    /** More of them, and others, with {@code -Dcrash.seeds=1000 -Dcrash.first=77}. */
    static LongStream seeds() {
        long first = Long.getLong("crash.first", 1);
        return LongStream.range(first, first + Long.getLong("crash.seeds", 5));
    }

    private JournalQueue open(SimulatedDisk disk) throws IOException {
        QueueOptions options = new QueueOptions(
                new JournalLimits(8 << 10, 16 << 10, 2),
                1024 + random.nextInt(3) * 1024,
                4096,
                Long.MAX_VALUE,
                42,
                List.of());
        return JournalQueue.open(QUEUE, options, InstantSource.fixed(NOW), disk, random, this::note);
    }

    /** What is said because the power went is not news. */
    private void note(String line) {
        if (OFF.stream().noneMatch(line::contains)) {
            log.add(line);
        }
    }

    private void run(SimulatedDisk disk) throws IOException {
        JournalQueue queue = open(disk);
        try {
            List<Long> living = new ArrayList<>(queue.messages());
            for (int step = 0; step < 400; step++) {
                int dice = random.nextInt(100);
                if (dice < 35 || living.isEmpty()) {
                    submit(queue, living);
                } else if (dice < 97) {
                    work(queue, living.get(random.nextInt(living.size())), living);
                } else {
                    queue.clean();
                }
            }
        } finally {
            queue.close();
        }
    }

    private void submit(JournalQueue queue, List<Long> living) throws IOException {
        int recipients = random.nextInt(10) == 0 ? random.nextInt(60, 200) : random.nextInt(1, 5);
        int size = random.nextInt(8) == 0 ? random.nextInt(1000, 9000) : random.nextInt(10, 900);
        String text = "message " + offered.size() + "\n" + "x".repeat(size) + "\nend\n";
        offered.put(text, recipients);
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < recipients; i++) {
            addresses.add(address(i));
        }
        try (Submission submission = queue.begin(Origin.USER)) {
            submission.message().write(Octets.of(text));
            switch (submission.commit("sender@example", addresses)) {
                case QueueResult.Accepted accepted -> {
                    assertThat(numbers.add(accepted.qp()))
                            .as("number used twice")
                            .isTrue();
                    acknowledged.put(accepted.qp(), new Expected(text, recipients));
                    living.add(accepted.qp());
                }
                case QueueResult.Refused refused -> throw new IOException("the power is off: " + refused.text());
            }
        }
    }

    private static String address(int recipient) {
        return "recipient" + recipient + "@list.example";
    }

    private void work(JournalQueue queue, long number, List<Long> living) throws IOException {
        Expected expected = acknowledged.get(number);
        if (!queue.isRouted(number)) {
            queue.route(number, CrashTest::decide);
            return;
        }
        boolean all = random.nextInt(3) == 0;
        RecipientPage page = queue.recipients(number, Channel.LOCAL, RecipientPage.START, all ? 1000 : 3);
        for (var recipient : page.recipients()) {
            boolean fails = random.nextInt(4) == 0;
            if (expected != null) {
                expected.marked.add(recipient.index());
                if (fails) {
                    expected.bounced.add(recipient.index());
                }
            }
            if (fails) {
                queue.failed(number, recipient.index(), "<" + recipient.address() + ">: no\n");
            } else {
                queue.done(number, recipient.index());
            }
        }
        page = queue.recipients(number, Channel.REMOTE, RecipientPage.START, 2);
        for (var recipient : page.recipients()) {
            if (expected != null) {
                expected.marked.add(recipient.index());
            }
            queue.done(number, recipient.index());
        }
        if (queue.remaining(number, Channel.LOCAL) + queue.remaining(number, Channel.REMOTE) == 0) {
            if (expected != null) {
                expected.finished = true;
            }
            queue.finish(number);
            living.remove(number);
        }
    }

    private static Routing decide(String address) {
        boolean remote = (address.charAt("recipient".length()) & 1) != 0;
        return new Routing(remote ? Channel.REMOTE : Channel.LOCAL, "to-" + address);
    }

    private void check(JournalQueue queue, long seed, int round) throws IOException {
        Set<Long> present = new HashSet<>(queue.messages());
        for (long number : present) {
            String content = content(queue, number);
            String text = content.substring(content.indexOf('\n') + 1);
            Integer recipients = offered.get(text);
            assertThat(recipients)
                    .as("seed %d round %d: torn message %d", seed, round, number)
                    .isNotNull();
            assertThat(queue.envelope(number).recipients()).isEqualTo(recipients);
            numbers.add(number);
            Expected expected = acknowledged.get(number);
            if (expected != null) {
                assertThat(text).isEqualTo(expected.text);
                if (queue.isRouted(number)) {
                    checkMarks(queue, number, expected);
                } else {
                    expected.marked.clear();
                    expected.bounced.clear();
                }
                expected.finished = false;
            }
        }
        acknowledged.forEach((number, expected) -> {
            if (!expected.finished && !present.contains(number)) {
                fail("seed %d round %d: message %d is lost", seed, round, number);
            }
        });
        acknowledged.keySet().removeIf(number -> !present.contains(number));
    }

    private static void checkMarks(JournalQueue queue, long number, Expected expected) throws IOException {
        Set<Integer> open = new HashSet<>();
        for (Channel channel : Channel.values()) {
            RecipientPage page = queue.recipients(number, channel, RecipientPage.START, Integer.MAX_VALUE);
            assertThat(page.recipients()).hasSize(queue.remaining(number, channel));
            page.recipients().forEach(recipient -> {
                assertThat(recipient.address()).isEqualTo("to-" + address(recipient.index()));
                open.add(recipient.index());
            });
        }
        String bounces = "";
        var text = queue.bounceText(number);
        if (text.isPresent()) {
            try (var in = text.get().open()) {
                bounces = Octets.text(in.readAllBytes());
            }
            assertThat(text.get().size()).isEqualTo(bounces.length());
        }
        for (int i = 0; i < expected.recipients; i++) {
            if (!open.contains(i)) {
                assertThat(expected.marked).as("recipient of message " + number).contains(i);
                if (expected.bounced.contains(i)) {
                    assertThat(bounces).contains("<to-" + address(i) + ">: no\n");
                }
            }
        }
        // Marks that were lost may be made otherwise the next time.
        expected.marked.removeAll(open);
        expected.bounced.removeAll(open);
    }

    private static String content(JournalQueue queue, long number) throws IOException {
        try (var in = queue.content(number).open()) {
            return Octets.text(in.readAllBytes());
        }
    }
}
