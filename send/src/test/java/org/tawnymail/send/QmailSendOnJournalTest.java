package org.tawnymail.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Environment;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;

/** qmail-send over the real queue on the real disk. */
class QmailSendOnJournalTest {

    private static final int UID = 1042;

    @TempDir
    private Path home;

    private volatile Instant now = Instant.parse("2025-03-07T09:04:05Z");
    private final InstantSource clock = () -> now;
    private final LogCapture log = new LogCapture();
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
    private final List<String> letters = new CopyOnWriteArrayList<>();
    private final AtomicInteger largest = new AtomicInteger();
    private volatile DeliveryAgent agent = (_, message, sender, recipient) -> new Outcome.Delivered("ok\n");
    private JournalQueue queue;
    private QmailSend send;

    @BeforeEach
    void startIt() throws IOException {
        Files.createDirectories(home.resolve("control"));
        Files.writeString(home.resolve("control/me"), "here\n");
        start();
    }

    @AfterEach
    void stopIt() throws Exception {
        stop();
    }

    @Test
    void mailIsDeliveredBouncedAndGone() throws Exception {
        agent = (_, message, sender, recipient) -> recipient.startsWith("ghost")
                ? new Outcome.Failed("Sorry, no mailbox here by that name. (#5.1.1)\n")
                : new Outcome.Delivered("ok\n");
        long number = accept("ann@here", "Subject: hello\n\n\377\000end\n", "kim@here", "ghost@here", "joe@far.test");
        log.await("bounce msg " + number);
        log.await("end msg", 2);
        assertThat(attempts).containsOnlyKeys("kim@here", "ghost@here", "joe@far.test", "ann@here");
        assertThat(log.text()).contains("uid " + UID + "\n");
        assertThat(letters.stream().filter(letter -> letter.contains("Subject: failure notice")))
                .hasSize(1)
                .allMatch(letter -> letter.startsWith("Received: (qmail ")
                        && letter.contains(" invoked for bounce); 7 Mar 2025 09:04:05 -0000\nDate: 7 Mar 2025")
                        && letter.contains("\n<ghost@here>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- ")
                        && letter.endsWith("-0000\nSubject: hello\n\n\377\000end\n"));
        assertThat(queue.messages()).isEmpty();
    }

    @Test
    void afterARestartNobodyIsTriedTwiceOrTooSoonAndNoFailureIsForgotten() throws Exception {
        agent = (_, message, sender, recipient) -> switch (recipient.charAt(0)) {
            case 'g' -> new Outcome.Failed("no such user\n");
            case 'l' -> new Outcome.Deferred("later\n");
            default -> new Outcome.Delivered("ok\n");
        };
        long number = accept("ann@here", "Subject: hello\n\nhello\n", "kim@here", "ghost@here", "late@far.test");
        log.await("status: local 0/10 remote 0/20", 2);
        stop();
        agent = (_, message, sender, recipient) -> new Outcome.Delivered("ok\n");
        start();
        send.hangup();
        assertThat(queue.messages()).containsExactly(number);
        now = now.plusSeconds(399);
        accept("ann@here", "", "marker@here");
        log.await("end msg", 1);
        assertThat(attempts.get("late@far.test")).isOne();
        now = now.plusSeconds(1);
        send.hangup();
        log.await("bounce msg " + number);
        log.await("end msg", 3);
        assertThat(attempts)
                .isEqualTo(Map.of("kim@here", 1, "ghost@here", 1, "late@far.test", 2, "marker@here", 1, "ann@here", 1));
        assertThat(letters.getLast()).contains("<ghost@here>:\nno such user\n\n---");
    }

    @Test
    void aLetterToManyReachesEachOfThemOnceThroughTwoRestarts() throws Exception {
        Files.writeString(home.resolve("control/concurrencylocal"), "50\n");
        stop();
        start();
        Random random = new Random(1);
        agent = (_, message, sender, recipient) ->
                random.nextInt(3) == 0 ? new Outcome.Deferred("later\n") : new Outcome.Delivered(recipient);
        List<String> everybody =
                IntStream.range(0, 3000).mapToObj(i -> "user" + i + "@here").toList();
        long number = accept("list-@here-@[]", "Subject: news\n\n", everybody.toArray(String[]::new));
        for (int round = 1; round <= 2; round++) {
            log.await("delivery " + 500 * round);
            stop();
            start();
        }
        agent = (_, message, sender, recipient) -> new Outcome.Delivered("ok\n");
        now = now.plusSeconds(5000);
        send.alarm();
        log.await("end msg " + number);
        List<String> successes =
                log.text().lines().filter(line -> line.contains(": success: ")).toList();
        assertThat(successes).hasSize(3000);
        assertThat(attempts).hasSize(3000);
    }

    @Test
    void aLetterToManyThatShareTransactionsReachesEachOfThemOnceThroughARestart() throws Exception {
        Files.writeString(home.resolve("control/maxrcptremote"), "20\n");
        stop();
        start();
        Random random = new Random(1);
        agent = (_, message, sender, recipient) -> switch (random.nextInt(5)) {
            case 0 -> new Outcome.Deferred("later\n");
            case 1 -> new Outcome.Failed("never\n");
            default -> new Outcome.Delivered(recipient);
        };
        List<String> everybody = IntStream.range(0, 3000)
                .mapToObj(i -> "user" + i + "@host" + i % 37 + ".test")
                .toList();
        long number = accept("ann@here", "Subject: news\n\n", everybody.toArray(String[]::new));
        log.await("delivery 500");
        stop();
        start();
        agent = (_, message, sender, recipient) -> new Outcome.Delivered("ok\n");
        now = now.plusSeconds(5000);
        send.alarm();
        log.await("end msg " + number);
        log.await("end msg", 2);
        assertThat(largest).hasValue(20);
        assertThat(attempts).hasSize(3001);
        long failures =
                log.text().lines().filter(line -> line.contains(": failure: ")).count();
        assertThat(log.text().lines().filter(line -> line.contains(": success: ")))
                .hasSize((int) (3001 - failures));
        assertThat(letters.getLast().lines().filter(line -> line.startsWith("<user")))
                .hasSize((int) failures);
    }

    private void start() throws IOException {
        queue = JournalQueue.open(home.resolve("queue"), QueueOptions.DEFAULT.withUid(UID), clock, this::note);
        DeliveryAgent recording = new Recording();
        Home where = new Home(home);
        send = new QmailSend(
                queue,
                new QueueClient(where, queue, new NoCommands()),
                where.controls(),
                Map.of(Channel.LOCAL, recording, Channel.REMOTE, recording),
                clock,
                log,
                Environment.empty());
        send.start();
    }

    private final class Recording implements DeliveryAgent {

        @Override
        public Outcome deliver(long number, MessageSource message, String sender, String recipient)
                throws Lost, Mangled {
            attempts.merge(recipient, 1, Integer::sum);
            if (recipient.equals("ann@here")) {
                letters.add(read(message));
            }
            return agent.deliver(number, message, sender, recipient);
        }

        @Override
        public List<Outcome> deliver(long number, MessageSource message, String sender, List<String> recipients)
                throws Lost, Mangled {
            largest.accumulateAndGet(recipients.size(), Math::max);
            return DeliveryAgent.super.deliver(number, message, sender, recipients);
        }

        @Override
        public int mostTogether() {
            return Integer.MAX_VALUE;
        }
    }

    private void note(String line) {
        byte[] octets = Octets.of(line + "\n");
        log.write(octets, 0, octets.length);
    }

    private void stop() throws Exception {
        assertThat(send.terminate(Duration.ofSeconds(10))).isTrue();
        queue.close();
    }

    private long accept(String sender, String content, String... recipients) throws IOException {
        try (Submission submission = queue.begin(QueuePort.Origin.USER)) {
            submission.message().write(Octets.of(content));
            return ((QueueResult.Accepted) submission.commit(sender, List.of(recipients))).qp();
        }
    }

    private static String read(MessageSource message) {
        try (InputStream in = message.open()) {
            return Octets.text(in.readAllBytes());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
