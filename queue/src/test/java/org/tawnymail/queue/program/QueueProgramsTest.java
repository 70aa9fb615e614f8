package org.tawnymail.queue.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.CollectingQueue;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Routing;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;

class QueueProgramsTest {

    private static final Instant NOW = Instant.parse("2025-03-07T09:04:05Z");

    @TempDir
    private Path directory;

    private final CollectingQueue inside = new CollectingQueue();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    private int queue(InputStream message, String envelope) {
        Descriptors descriptors = Descriptors.none()
                .with(0, message)
                .with(1, new ByteArrayInputStream(Octets.of(envelope)))
                .with(6, text);
        return new QmailQueue(inside)
                .run(new Call("qmail-queue", List.of(), Environment.empty(), descriptors, directory));
    }

    private int queue(String message, String envelope) {
        return queue(new ByteArrayInputStream(Octets.of(message)), envelope);
    }

    @Test
    void qmailQueueReadsTheMessageAndThenTheEnvelope() {
        assertThat(queue("Subject: x\n\nhi\n", "Fjoe@corp\0Tann\0Tb\u00fcb@x\0\0ignored"))
                .isZero();
        assertThat(inside.accepted().getFirst().text()).isEqualTo("Subject: x\n\nhi\n");
        assertThat(inside.accepted().getFirst().sender()).isEqualTo("joe@corp");
        assertThat(inside.accepted().getFirst().recipients()).containsExactly("ann", "b\u00fcb@x");
    }

    @Test
    void noRecipientsAndAnEmptySenderAreAnEnvelopeToo() {
        assertThat(queue("", "F\0\0")).isZero();
        assertThat(inside.accepted().getFirst().recipients()).isEmpty();
    }

    @ParameterizedTest(name = "envelope {0} ends with {1}")
    @CsvSource({
        "'', 54",
        "F, 54",
        "Fjoe, 54",
        "Fjoe|, 54",
        "Fjoe|Tann|, 54",
        "joe|, 91",
        "Tann||, 91",
        "Fjoe|Xann||, 91"
    })
    void aBrokenEnvelopeQueuesNothing(String envelope, int code) {
        assertThat(queue("x", envelope.replace('|', '\0'))).isEqualTo(code);
        assertThat(inside.accepted()).isEmpty();
    }

    @Test
    void anAddressOf1002BytesIsTheLongest() {
        assertThat(queue("x", "F" + "a".repeat(1002) + "\0T" + "b".repeat(1002) + "\0\0"))
                .isZero();
        assertThat(queue("x", "F" + "a".repeat(1003) + "\0Tb\0\0")).isEqualTo(11);
        assertThat(queue("x", "Fa\0T" + "b".repeat(1003) + "\0\0")).isEqualTo(11);
    }

    @Test
    void aMessageThatCannotBeReadIsNotQueued() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw new IOException("broken");
            }
        };
        assertThat(queue(broken, "Fjoe\0Tann\0\0")).isEqualTo(54);
        assertThat(inside.accepted()).isEmpty();
    }

    @Test
    void aMessageThatDoesNotComeWithinADayIsNotQueued() {
        InputStream silent = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new SocketTimeoutException("Read timed out");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return read();
            }
        };
        assertThat(queue(silent, "Fjoe\0Tann\0\0")).isEqualTo(52);
        assertThat(inside.accepted()).isEmpty();
    }

    @Test
    void argumentsAndEnvironmentAreIgnored() {
        Descriptors descriptors = Descriptors.none()
                .with(0, new ByteArrayInputStream(Octets.of("x\n")))
                .with(1, new ByteArrayInputStream(Octets.of("F\0Tann\0\0")));
        Environment environment = Environment.empty().with("QMAILQUEUE", "/bin/false");
        assertThat(new QmailQueue(inside)
                        .run(new Call("qmail-queue", List.of("-x", "more"), environment, descriptors, directory)))
                .isZero();
        assertThat(inside.accepted()).hasSize(1);
    }

    @Test
    void theAnswerOfTheQueueIsTheExitCode() {
        inside.answer(new QueueResult.Refused(false, "qq write error or disk full (#4.3.0)"));
        assertThat(queue("x", "F\0\0")).isEqualTo(53);
        inside.answer(new QueueResult.Refused(true, "we know you (#5.7.1)"));
        assertThat(queue("x", "F\0\0")).isEqualTo(82);
        assertThat(Octets.text(text.toByteArray())).isEqualTo("Dwe know you (#5.7.1)");
    }

    private JournalQueue open() throws IOException {
        return JournalQueue.open(
                directory.resolve("queue"), QueueOptions.DEFAULT, InstantSource.fixed(NOW), line -> {});
    }

    private static long submit(JournalQueue queue, String text, String sender, List<String> recipients)
            throws IOException {
        try (Submission submission = queue.begin(Origin.NETWORK)) {
            submission.message().write(Octets.of(text));
            return ((QueueResult.Accepted) submission.commit(sender, recipients)).qp();
        }
    }

    private String run(Program program, int expected) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Descriptors descriptors = Descriptors.none().with(1, out);
        assertThat(program.run(new Call("x", List.of(), Environment.empty(), descriptors, directory)))
                .isEqualTo(expected);
        return Octets.text(out.toByteArray());
    }

    @Test
    void qreadListsWhatIsRoutedWhileTheOwnerIsAtWork() throws IOException {
        try (JournalQueue queue = open()) {
            long first = submit(queue, "x\n", "joe@corp.example", List.of("ann@here", "bob@there", "c\u00fc@here"));
            queue.route(
                    first,
                    address -> new Routing(address.endsWith("@there") ? Channel.REMOTE : Channel.LOCAL, address));
            queue.failed(first, 0, "no\n");
            submit(queue, "not routed\n", "", List.of("d@here"));
            long third = submit(queue, "y\n", "", List.of("e@here", "f@there"));
            queue.route(
                    third,
                    address -> new Routing(address.endsWith("@there") ? Channel.REMOTE : Channel.LOCAL, address));
            queue.done(third, 0);
            // A submission that is durable has brought everything before it to the disk.
            long last = submit(queue, "z\n", "", List.of());
            String expected = "7 Mar 2025 09:04:05 GMT  #" + first + "  70  <joe@corp.example>  bouncing\n"
                    + "  done\tlocal\tann@here\n"
                    + "\tlocal\tc_@here\n"
                    + "\tremote\tbob@there\n"
                    + "7 Mar 2025 09:04:05 GMT  #" + third + "  70  <> \n"
                    + "\tremote\tf@there\n";
            assertThat(run(new QmailQread(new Home(directory)), 0)).isEqualTo(expected);
            assertThat(run(new QmailQstat(new Home(directory)), 0))
                    .isEqualTo("messages in queue: 4\nmessages in queue but not yet preprocessed: 2\n");
            queue.finish(last);
        }
        assertThat(run(new QmailQstat(new Home(directory)), 0))
                .isEqualTo("messages in queue: 3\nmessages in queue but not yet preprocessed: 1\n");
    }

    @Test
    void qreadShowsWhichMailIsDamagedWhetherItWasLookedAtOrNot() throws IOException {
        try (JournalQueue queue = open()) {
            long first = submit(queue, "the text\n", "joe@x", List.of("ann@here"));
            queue.route(first, address -> new Routing(Channel.LOCAL, address));
            submit(queue, "x\n", "eve@envelope", List.of("ann@here"));
            submit(queue, "y".repeat(100_000), "", List.of("ann@here"));
        }
        Path segment = directory.resolve("queue/journal/0000000001");
        String bytes = Octets.text(Files.readAllBytes(segment));
        Files.write(segment, Octets.of(bytes.replace("the text", "The text").replace("eve@", "Eve@")));
        Files.write(directory.resolve("queue/large/3"), new byte[9]);
        assertThat(run(new QmailQread(new Home(directory)), 0))
                .isEqualTo("warning: trouble with #1: its text is not what it was\n"
                        + "7 Mar 2025 09:04:05 GMT  #1  77  <joe@x> \n"
                        + "\tlocal\tann@here\n"
                        + "warning: trouble with #2: message 2 is damaged: its envelope, in " + segment + " at offset "
                        + (bytes.indexOf("Received: (qmail 2 ") - 54) + ", is not what it was\n"
                        + "warning: trouble with #3: " + directory.resolve("queue/large/3")
                        + " has 9 bytes instead of 100068\n");
    }

    @Test
    void whatWaitsInTheDropDirectoryIsCounted() throws IOException {
        open().close();
        Files.createDirectories(directory.resolve("queue/drop"));
        Files.writeString(directory.resolve("queue/drop/abc"), "x");
        assertThat(run(new QmailQstat(new Home(directory)), 0))
                .isEqualTo("messages in queue: 1\nmessages in queue but not yet preprocessed: 1\n");
    }

    @Test
    void mailThatCannotBeCountedIsNotTakenForNone() throws IOException {
        open().close();
        Path drop = directory.resolve("queue/drop");
        Files.deleteIfExists(drop);
        Files.writeString(drop, "no directory");
        assertThatThrownBy(() -> run(new QmailQstat(new Home(directory)), 111))
                .isInstanceOf(Complaint.class)
                .hasMessage("qmail-qstat: fatal: unable to read " + directory.resolve("queue") + ": not a directory");
    }

    @Test
    void withoutAQueueQreadSaysSo() throws IOException {
        assertThat(run(new QmailQread(new Home(directory)), 111))
                .isEqualTo("fatal: unable to chdir: file does not exist\n");
    }
}
