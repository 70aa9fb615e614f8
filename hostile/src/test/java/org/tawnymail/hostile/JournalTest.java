package org.tawnymail.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.LocalDisk;
import org.tawnymail.queue.journal.JournalLimits;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;

/** A journal with changed octets: the start never fails, and loses nothing that is intact. */
class JournalTest {

    private static final int MESSAGES = 6;
    private static final QueueOptions OPTIONS =
            new QueueOptions(new JournalLimits(8 << 10, 8 << 10, 0), 2048, 4096, Long.MAX_VALUE, 42, List.of());
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2025-03-07T09:04:05Z"));

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everySegmentStartsAndItsIntactMessagesAreThere() throws Exception {
        Path queue = directory.resolve("queue");
        try (JournalQueue made = open(queue)) {
            for (int i = 1; i <= MESSAGES; i++) {
                submit(made, text(i));
                made.route(i, address -> new Routing(Channel.LOCAL, address));
            }
        }
        Path journal = queue.resolve("journal");
        byte[] segment = Files.readAllBytes(journal.resolve("0000000001"));
        byte[] numbers = Files.readAllBytes(journal.resolve("numbers"));
        HostileInputs.of("journal segments").sample(segment).memory(32 << 20).each((input, random) -> {
            Scratch.empty(queue);
            Files.createDirectories(journal);
            Files.write(journal.resolve("0000000001"), input);
            byte[] otherNumbers = numbers.clone();
            if (random.nextInt(4) == 0) {
                otherNumbers[random.nextInt(numbers.length)] ^= (byte) (1 + random.nextInt(255));
            }
            Files.write(journal.resolve("numbers"), otherNumbers);
            try (JournalQueue opened = open(queue)) {
                List<Long> messages = opened.messages();
                boolean sameNumbers = Arrays.equals(numbers, otherNumbers);
                for (int i = 1; i <= MESSAGES; i++) {
                    if (messages.contains((long) i)) {
                        assertWholeOrDamaged(opened, i);
                    }
                    if (sameNumbers && isIntact(segment, input, i)) {
                        assertThat(messages).as("intact messages").contains((long) i);
                        assertThat(content(opened, i)).endsWith(text(i));
                    }
                }
                submit(opened, "new\n");
            }
        });
    }

    private static String text(int message) {
        return "begin " + message + "\n" + "x".repeat(message * 9) + "\nend " + message + "\n";
    }

    /** Whether everything up to the end of a message is as it was: its record is then surely whole, and was written. */
    private static boolean isIntact(byte[] before, byte[] after, int message) {
        int end = Octets.text(before).indexOf("\nend " + message + "\n") + 200;
        return Arrays.mismatch(before, after) < 0 || Arrays.mismatch(before, after) > end;
    }

    private static void assertWholeOrDamaged(JournalQueue queue, int message) {
        try {
            assertThat(content(queue, message)).endsWith(text(message));
        } catch (IOException damaged) {
            assertThat(damaged).hasMessageContaining("damaged");
        }
    }

    private static JournalQueue open(Path queue) throws IOException {
        return JournalQueue.open(queue, OPTIONS, CLOCK, new LocalDisk(), new SplittableRandom(1), line -> {});
    }

    private static void submit(JournalQueue queue, String text) throws IOException {
        try (Submission submission = queue.begin(QueuePort.Origin.USER)) {
            submission.message().write(Octets.of(text));
            assertThat(submission.commit("joe@x", List.of("ann@y", "bob@z"))).isInstanceOf(QueueResult.Accepted.class);
        }
    }

    private static String content(JournalQueue queue, long message) throws IOException {
        try (InputStream in = queue.content(message).open()) {
            return Octets.text(in.readAllBytes());
        }
    }
}
