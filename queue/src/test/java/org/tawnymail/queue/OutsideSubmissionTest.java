package org.tawnymail.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.process.ProgramCommands;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.ProgramTable;
import org.tawnymail.queue.program.QmailQueue;

/** Real shell scripts in QMAILQUEUE, run as children with message, envelope and error text on descriptors 0, 1 and 6. */
@Timeout(30)
class OutsideSubmissionTest {

    @TempDir
    private Path directory;

    private final CollectingQueue queue = new CollectingQueue();
    private Commands commands = new NoCommands();

    @BeforeEach
    void findsOurPrograms() throws IOException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Files.writeString(bin.resolve("qmail-queue"), "stands for the launcher");
        ProgramTable table = new ProgramTable() {
            @Override
            public Optional<Program> find(String name) {
                return Optional.of(new QmailQueue(queue));
            }

            @Override
            public Set<String> names() {
                return Set.of("qmail-queue");
            }
        };
        commands = new ProgramCommands(table, bin);
    }

    private QueueResult submit(String qmailqueue, String text, String sender, String... recipients) {
        QueueClient client = new QueueClient(new Home(directory), queue, commands);
        Environment environment =
                Environment.of(Map.of("QMAILQUEUE", qmailqueue, "PATH", "/usr/bin:/bin", "MARK", "seen"));
        try (Submission submission = client.begin(environment, QueuePort.Origin.NETWORK)) {
            submission.message().write(Octets.of(text));
            return submission.commit(sender, List.of(recipients));
        } catch (IOException e) {
            throw new AssertionError("writes to a submission never fail", e);
        }
    }

    private void script(String name, String... lines) throws IOException {
        Path script = directory.resolve(name);
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private String file(String name) throws IOException {
        return Octets.text(Files.readAllBytes(directory.resolve(name)));
    }

    @Test
    void aFilterGetsTheMessageAndThenTheEnvelopeInTheHomeDirectory() throws IOException {
        script("filter", "cat >message", "cat <&1 >envelope", "echo $MARK >mark");
        String text = "Subject: long\n\n" + "0123456789\n".repeat(100_000);
        assertThat(submit("filter", text, "joe@corp.example", "ann@list.test", "b\u00fcb@x"))
                .isInstanceOf(QueueResult.Accepted.class);
        assertThat(file("message")).isEqualTo(text);
        assertThat(file("envelope")).isEqualTo("Fjoe@corp.example\0Tann@list.test\0Tb\u00fcb@x\0\0");
        assertThat(file("mark")).isEqualTo("seen\n");
    }

    @Test
    void aFilterThatRefusesAtOnceNeedNotReadTheMessage() throws IOException {
        script("no", "exit 31");
        assertThat(submit("./no", "x".repeat(1_000_000), "", "a"))
                .isEqualTo(new QueueResult.Refused(true, "mail server permanently rejected message (#5.3.0)"));
    }

    @Test
    void aFilterMaySayWhyInItsOwnWords() throws IOException {
        script("permanent", "cat >/dev/null", "printf 'Dno viruses here (#5.7.1)' >&6", "exit 82");
        script("temporary", "printf 'Zcome back later (#4.7.1)' >&6", "exit 82");
        script("silent", "printf 'D' >&6", "exit 82");
        assertThat(submit("permanent", "x", "", "a"))
                .isEqualTo(new QueueResult.Refused(true, "no viruses here (#5.7.1)"));
        assertThat(submit(directory.resolve("temporary").toString(), "x", "", "a"))
                .isEqualTo(new QueueResult.Refused(false, "come back later (#4.7.1)"));
        assertThat(submit("silent", "x", "", "a"))
                .isEqualTo(new QueueResult.Refused(false, "qq temporary problem (#4.3.0)"));
    }

    @Test
    void aFilterThatReadsHalfOfAMessageGetsNoEnvelopeForItAndNobodyThinksItAccepted() throws IOException {
        script("half", "head -c 10 >message", "exec 0<&-", "cat <&1 >envelope", "exit 0");
        assertThat(submit("half", "x".repeat(1_000_000), "joe", "ann"))
                .isEqualTo(new QueueResult.Refused(false, "qq read error (#4.3.0)"));
        assertThat(file("envelope")).isEmpty();
    }

    @Test
    void ofItsOwnWords255OctetsAreHeard() throws IOException {
        script("verbose", "cat >/dev/null", "head -c 300 /dev/zero | tr '\\0' D >&6", "exit 82");
        assertThat(submit("verbose", "x", "", "a")).isEqualTo(new QueueResult.Refused(true, "D".repeat(254)));
    }

    @Test
    void whatAFilterSaysOnDescriptorTwoIsHeardWithItsCallersWords() throws IOException {
        script("scan", "echo clean >&2", "cat >/dev/null", "echo scanned >&5", "echo not by the caller >&6");
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayOutputStream five = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Descriptors callers =
                Descriptors.none().with(1, out).with(2, err).with(5, five).with(6, out);
        Environment environment = Environment.of(Map.of("QMAILQUEUE", "./scan", "PATH", "/usr/bin:/bin"));
        Call call = new Call("qmail-smtpd", List.of(), environment, callers, Path.of("/"));
        QueueClient client = new QueueClient(new Home(directory), queue, commands);
        try (Submission submission = client.begin(call, QueuePort.Origin.NETWORK)) {
            assertThat(submission.commit("", List.of("a"))).isInstanceOf(QueueResult.Accepted.class);
        }
        assertThat(err).hasToString("clean\n");
        assertThat(five).hasToString("scanned\n");
        assertThat(out.size()).isZero();
    }

    @Test
    void theQpOfASubmissionToAFilterIsItsProcessId() throws IOException {
        script("scan", "echo $$ >pid", "cat >/dev/null");
        QueueResult result = submit("./scan", "x", "", "a");
        assertThat(result)
                .isEqualTo(new QueueResult.Accepted(Long.parseLong(file("pid").strip())));
    }

    @Test
    void aMessageThatTheProgramCouldNotReadIsAReadError() throws IOException {
        script("unread", "exit 54");
        assertThat(submit("unread", "x", "", "a")).isEqualTo(new QueueResult.Refused(false, "qq read error (#4.3.0)"));
    }

    @Test
    void aFilterThatCrashesMeansLater() throws IOException {
        script("crash", "kill -9 $$");
        assertThat(submit("crash", "x".repeat(200_000), "", "a"))
                .isEqualTo(new QueueResult.Refused(false, "qq crashed (#4.3.0)"));
    }

    @Test
    void aFilterThatIsNotThereCannotBeRun() {
        assertThat(submit("bin/missing", "x", "", "a"))
                .isEqualTo(new QueueResult.Refused(false, "unable to exec qq (#4.3.0)"));
    }

    @Test
    void anAbandonedMessageEndsTheEnvelopeEarly() throws IOException {
        script("filter", "cat >/dev/null", "cat <&1 >envelope.part", "mv envelope.part envelope");
        QueueClient client = new QueueClient(new Home(directory), queue, commands);
        Environment environment = Environment.of(Map.of("QMAILQUEUE", "./filter", "PATH", "/usr/bin:/bin"));
        try (Submission submission = client.begin(environment, QueuePort.Origin.NETWORK)) {
            submission.message().write(Octets.of("half a mess"));
        }
        while (!Files.exists(directory.resolve("envelope"))) {
            Thread.onSpinWait();
        }
        assertThat(file("envelope")).isEmpty();
    }

    @Test
    void ourOwnQmailQueueRunsInTheProcessAndIgnoresQmailqueue() {
        assertThat(submit("bin/qmail-queue", "Subject: x\n\n" + "y".repeat(300_000), "joe", "ann"))
                .isInstanceOf(QueueResult.Accepted.class);
        assertThat(queue.accepted()).hasSize(1);
        assertThat(queue.accepted().getFirst().text())
                .startsWith("Subject: x\n\nyyy")
                .hasSize(300_012);
        assertThat(queue.accepted().getFirst().recipients()).containsExactly("ann");
    }

    @Test
    void withoutQmailqueueTheMailGoesStraightIntoTheQueue() throws IOException {
        QueueClient client = new QueueClient(new Home(directory), queue, commands);
        try (Submission submission = client.begin(Environment.empty(), QueuePort.Origin.NETWORK)) {
            submission.message().write(Octets.of("x"));
            assertThat(submission.commit("", List.of())).isInstanceOf(QueueResult.Accepted.class);
        }
        assertThat(queue.accepted()).hasSize(1);
    }

    @Test
    void whatIsPutInThePlaceOfQmailQueueCountsForTheNextSubmissionOfARunningServer() throws IOException {
        script("other", "cat >message");
        AtomicReference<String> place = new AtomicReference<>();
        QueueClient client =
                new QueueClient(new Home(directory), queue, commands, () -> Optional.ofNullable(place.get()));
        for (String text : List.of("first", "second")) {
            try (Submission submission = client.begin(Environment.empty(), QueuePort.Origin.NETWORK)) {
                submission.message().write(Octets.of(text));
                assertThat(submission.commit("", List.of())).isInstanceOf(QueueResult.Accepted.class);
            }
            place.set(directory.resolve("other").toString());
        }
        assertThat(queue.accepted())
                .singleElement()
                .extracting(CollectingQueue.Accepted::text)
                .isEqualTo("first");
        assertThat(file("message")).isEqualTo("second");
    }

    @Test
    void aHomeThatIsNotThereIsTroubleInTheHomeDirectory() {
        QueueClient client = new QueueClient(new Home(directory.resolve("none")), queue, commands);
        Environment environment = Environment.of(Map.of("QMAILQUEUE", "bin/x"));
        try (Submission submission = client.begin(environment, QueuePort.Origin.USER)) {
            assertThat(submission.commit("", List.of("a")))
                    .isEqualTo(new QueueResult.Refused(false, "qq trouble in home directory (#4.3.0)"));
        }
    }
}
