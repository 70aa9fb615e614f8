package org.tawnymail.queue.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.program.OpenFile;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.QueueInUse;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.journal.JournalLimits;

class JournalQueueTest {

    private static final Instant NOW = Instant.parse("2025-03-07T09:04:05Z");
    private static final QueueOptions SMALL = QueueOptions.DEFAULT
            .withJournal(new JournalLimits(512 << 10, 1 << 20, 2))
            .withUid(1042);

    @TempDir
    private Path directory;

    private final List<String> log = new CopyOnWriteArrayList<>();

    private JournalQueue open() throws IOException {
        return JournalQueue.open(directory.resolve("queue"), SMALL, InstantSource.fixed(NOW), log::add);
    }

    private static long submit(JournalQueue queue, String text, String sender, List<String> recipients)
            throws IOException {
        try (Submission submission = queue.begin(Origin.USER)) {
            submission.message().write(Octets.of(text));
            return ((QueueResult.Accepted) submission.commit(sender, recipients)).qp();
        }
    }

    private static String content(JournalQueue queue, long message) throws IOException {
        try (var in = queue.content(message).open()) {
            return Octets.text(in.readAllBytes());
        }
    }

    @Test
    void whoIsMarkedDoneWithOthersIsDoneAfterARestartAndNobodyElseIs() throws IOException {
        int everybody = 300_000;
        int[] some = IntStream.of(7, 8, 4000, 262_150, 262_151, everybody - 1).toArray();
        long message;
        try (JournalQueue queue = open()) {
            message = submit(
                    queue,
                    "Subject: x\n\n",
                    "joe@example",
                    IntStream.range(0, everybody)
                            .mapToObj(i -> "u" + i + "@far")
                            .toList());
            queue.route(message, address -> new Routing(Channel.REMOTE, address));
            queue.done(message, 8);
            queue.done(message, some);
            assertThatThrownBy(() -> queue.done(message, new int[] {9, everybody}))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(queue.remaining(message, Channel.REMOTE)).isEqualTo(everybody - some.length);
        }
        try (JournalQueue queue = open()) {
            assertThat(queue.remaining(message, Channel.REMOTE)).isEqualTo(everybody - some.length);
            assertThat(queue.recipients(message, Channel.REMOTE, 0, 10).recipients())
                    .extracting(Recipient::index)
                    .containsExactly(0, 1, 2, 3, 4, 5, 6, 9, 10, 11);
            assertThat(queue.recipients(message, Channel.REMOTE, 262_149, 2).recipients())
                    .extracting(Recipient::index)
                    .containsExactly(262_149, 262_152);
        }
        assertThat(log).isEmpty();
    }

    @Test
    void anAcceptedMessageIsThereAfterARestart() throws IOException {
        long message;
        try (JournalQueue queue = open()) {
            message = submit(queue, "Subject: x\n\nhello\n", "joe@example", List.of("ann@corp", "bob"));
        }
        try (JournalQueue queue = open()) {
            List<Long> reported = new ArrayList<>();
            queue.start(reported::add);
            assertThat(reported).containsExactly(message);
            assertThat(content(queue, message))
                    .isEqualTo("Received: (qmail " + message
                            + " invoked by uid 1042); 7 Mar 2025 09:04:05 -0000\nSubject: x\n\nhello\n");
            assertThat(queue.envelope(message).sender()).isEqualTo("joe@example");
            assertThat(queue.envelope(message).recipients()).isEqualTo(2);
            assertThat(queue.envelope(message).birth()).isEqualTo(NOW);
            assertThat(queue.isRouted(message)).isFalse();
        }
        assertThat(log).isEmpty();
    }

    @Test
    void routingMarksAndBounceTextSurviveARestart() throws IOException {
        long message;
        try (JournalQueue queue = open()) {
            message = submit(queue, "x\n", "", List.of("a@here", "b@there", "c@here"));
            queue.route(
                    message,
                    address -> new Routing(
                            address.endsWith("here") && !address.endsWith("there") ? Channel.LOCAL : Channel.REMOTE,
                            "p-" + address));
            queue.failed(message, 0, "<p-a@here>:\nno\n\n");
            queue.due(message, Channel.REMOTE, NOW);
        }
        try (JournalQueue queue = open()) {
            assertThat(queue.isRouted(message)).isTrue();
            assertThat(queue.remaining(message, Channel.LOCAL)).isEqualTo(1);
            assertThat(queue.recipients(message, Channel.LOCAL, RecipientPage.START, 10))
                    .isEqualTo(new RecipientPage(List.of(new Recipient(2, "p-c@here")), RecipientPage.END));
            assertThat(queue.recipients(message, Channel.REMOTE, RecipientPage.START, 10)
                            .recipients())
                    .containsExactly(new Recipient(1, "p-b@there"));
            assertThat(Octets.text(
                            queue.bounceText(message).orElseThrow().open().readAllBytes()))
                    .isEqualTo("<p-a@here>:\nno\n\n");
            assertThat(queue.due(message, Channel.REMOTE)).hasValue(NOW.getEpochSecond());
            assertThat(queue.due(message, Channel.LOCAL)).isEmpty();
            queue.bounceSent(message);
            queue.finish(message);
        }
        try (JournalQueue queue = open()) {
            assertThat(queue.messages()).isEmpty();
            assertThat(submit(queue, "y\n", "", List.of())).isGreaterThan(message);
        }
    }

    @Test
    void aLargeMessageToManyRecipientsTakesFilesOfItsOwn() throws IOException {
        String text = "0123456789abcde\n".repeat(20_000);
        List<String> recipients = IntStream.range(0, 10_000)
                .mapToObj(i -> "recipient-number-" + i + "@list.example")
                .toList();
        long message;
        try (JournalQueue queue = open()) {
            message = submit(queue, text, "owner@list.example", recipients);
        }
        try (JournalQueue queue = open()) {
            assertThat(content(queue, message)).endsWith(text);
            queue.route(message, address -> new Routing(Channel.REMOTE, address));
            assertThat(all(queue, message)).isEqualTo(recipients);
            for (int i = 0; i < 9_999; i++) {
                queue.done(message, i);
            }
        }
        try (JournalQueue queue = open()) {
            assertThat(queue.remaining(message, Channel.REMOTE)).isEqualTo(1);
            assertThat(all(queue, message)).containsExactly(recipients.getLast());
            var opened = queue.content(message).open();
            assertThat(opened).as("a child process can be given it as it is").isInstanceOf(OpenFile.class);
            queue.finish(message);
            assertThat(Octets.text(opened.readAllBytes())).endsWith(text);
        }
        assertThat(directory.resolve("queue/large")).isEmptyDirectory();
    }

    private static List<String> all(JournalQueue queue, long message) throws IOException {
        List<String> all = new ArrayList<>();
        long from = RecipientPage.START;
        while (from != RecipientPage.END) {
            RecipientPage page = queue.recipients(message, Channel.REMOTE, from, 37);
            page.recipients().forEach(recipient -> all.add(recipient.address()));
            from = page.next();
        }
        return all;
    }

    @Test
    void theReceivedFieldSaysWhoSubmitted() throws IOException {
        try (JournalQueue queue = open()) {
            Map<Origin, String> words = Map.of(
                    Origin.ALIAS, "by alias",
                    Origin.NETWORK, "from network",
                    Origin.BOUNCE, "for bounce",
                    Origin.USER, "by uid 4294967294");
            for (Origin origin : Origin.values()) {
                try (Submission submission = queue.begin(origin, -2)) {
                    submission.message().write(Octets.of("x\n"));
                    long message = ((QueueResult.Accepted) submission.commit("", List.of())).qp();
                    assertThat(content(queue, message))
                            .isEqualTo("Received: (qmail " + message + " invoked " + words.get(origin)
                                    + "); 7 Mar 2025 09:04:05 -0000\nx\n");
                }
            }
        }
    }

    @Test
    void whoIsListedInQueueextraGetsEveryMessage() throws IOException {
        Path control = Files.createDirectories(directory.resolve("control"));
        Files.writeString(control.resolve("queueextra"), "# a copy of all mail\nlog\n");
        QueueOptions options = QueueOptions.of(new ControlFiles(control));
        try (JournalQueue queue =
                JournalQueue.open(directory.resolve("queue"), options, InstantSource.fixed(NOW), log::add)) {
            for (List<String> own : List.of(List.of("ann@corp", "bob"), List.<String>of())) {
                long message = submit(queue, "x\n", "joe@corp", own);
                queue.route(message, address -> new Routing(Channel.REMOTE, address));
                List<String> expected = new ArrayList<>(List.of("log"));
                expected.addAll(own);
                assertThat(all(queue, message)).isEqualTo(expected);
            }
        }
    }

    @Test
    void mailIsRefusedWhileMoreMessagesWaitThanMemoryIsSetForButBouncesAreNot() throws IOException {
        QueueOptions options = SMALL.withTableBytes(1_000);
        try (JournalQueue queue =
                JournalQueue.open(directory.resolve("queue"), options, InstantSource.fixed(NOW), log::add)) {
            long first = submit(queue, "x\n", "joe@corp", List.of("ann@corp"));
            int taken = 1;
            while (submission(queue, Origin.USER) instanceof QueueResult.Accepted) {
                taken++;
            }
            assertThat(taken).isBetween(3, 5);
            assertThat(submission(queue, Origin.NETWORK))
                    .isEqualTo(new QueueResult.Refused(false, "qq out of memory (#4.3.0)"));
            assertThat(log)
                    .containsExactly("queue: new mail is refused for the time being: " + taken
                            + " messages wait, and memory is set for no more:"
                            + " give the queue a larger heap with TAWNY_HEAP");
            assertThat(submission(queue, Origin.BOUNCE)).isInstanceOf(QueueResult.Accepted.class);
            for (long message : queue.messages()) {
                if (message != first) {
                    queue.finish(message);
                }
            }
            assertThat(submission(queue, Origin.USER)).isInstanceOf(QueueResult.Accepted.class);
        }
    }

    private static QueueResult submission(JournalQueue queue, Origin origin) throws IOException {
        try (Submission submission = queue.begin(origin)) {
            submission.message().write(Octets.of("x\n"));
            return submission.commit("joe@corp", List.of("ann@corp"));
        }
    }

    @Test
    void aSecondOwnerIsTurnedAway() throws IOException {
        try (JournalQueue queue = open()) {
            assertThat(queue.messages()).isEmpty();
            assertThatThrownBy(this::open).isInstanceOf(QueueInUse.class).hasMessageContaining("in use");
        }
        open().close();
    }
}
