package org.tawnymail.send.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.process.Pipe;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.door.QueueDoor;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;
import org.tawnymail.send.LogCapture;
import org.tawnymail.send.NoCommands;

/** qmail-send as a program, between two spawners that the test plays byte by byte. */
@Timeout(60)
class QmailSendProgramTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2025-03-07T09:04:05Z"));

    @TempDir
    private Path directory;

    private Home home = new Home(Path.of("/"));
    private final LogCapture log = new LogCapture();
    private final Pipe toLocal = new Pipe();
    private final Pipe fromLocal = new Pipe();
    private final Pipe toRemote = new Pipe();
    private final Pipe fromRemote = new Pipe();
    private final Map<String, Runnable> signals = new ConcurrentHashMap<>();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    @BeforeEach
    void aHostOfOneName() throws IOException {
        home = new Home(directory.resolve("qmail"));
        Files.createDirectories(home.path().resolve("control"));
        Files.writeString(home.path().resolve("control/me"), "mail.corp.example\n");
    }

    @AfterEach
    void loseTheSpawners() throws IOException {
        fromLocal.output().close();
        fromRemote.output().close();
    }

    @Test
    void aDeliveryIsACommandAFileAndAReport() throws Exception {
        start("\2", "\170");
        log.await("status: local 0/2 remote 0/20");
        long number = submit("ann@mail.corp.example", "Subject: x\n\nhello\n", "kim@mail.corp.example");

        String name = number % 23 + "/0" + number;
        assertThat(command(toLocal)).isEqualTo("|" + name + "|ann@mail.corp.example|kim@mail.corp.example|");
        Path file = home.queue().resolve("mess").resolve(name);
        assertThat(Files.readString(file)).startsWith("Received: (qmail ").endsWith("\nSubject: x\n\nhello\n");
        assertThat(mode(file)).isEqualTo("rw-r--r--");
        assertThat(mode(home.queue().resolve("mess"))).isEqualTo("rwxr-x---");

        report(fromLocal, "\0Kdid 1+0+0\n\0");
        log.await("end msg");
        assertThat(log.text()).endsWith("""
                starting delivery 1: msg 1 to local kim@mail.corp.example
                status: local 1/2 remote 0/20
                delivery 1: success: did_1+0+0/
                status: local 0/2 remote 0/20
                end msg 1
                """);
        assertThat(file).doesNotExist();
        end();
    }

    @Test
    void eachDeliveryUnderWayHasASlotOfItsOwnAndReportsComeInAnyOrder() throws Exception {
        start("\170", "\170");
        submit("ann@mail.corp.example", "x\n", "a@mail.corp.example", "b@far.test", "c@mail.corp.example");
        List<String> commands = List.of(command(toLocal), command(toLocal));
        assertThat(commands.stream().map(command -> command.charAt(0))).containsExactlyInAnyOrder('|', '\1');
        assertThat(command(toRemote)).isEqualTo("|1/01|ann@mail.corp.example|b@far.test|");

        String first = commands.stream()
                .filter(command -> command.charAt(0) == '|')
                .findFirst()
                .orElseThrow();
        boolean firstIsA = first.endsWith("|a@mail.corp.example|");
        report(fromRemote, "\0Zlater\n\0");
        report(fromLocal, "\1Kof slot 1\n\0");
        report(fromLocal, "\0Kof slot 0\n\0");
        log.await("status: local 0/10 remote 0/20", 2);
        assertThat(log.text())
                .contains("delivery " + delivery("a@mail.corp.example") + ": success: of_slot_" + (firstIsA ? 0 : 1))
                .contains("delivery " + delivery("c@mail.corp.example") + ": success: of_slot_" + (firstIsA ? 1 : 0))
                .contains("delivery " + delivery("b@far.test") + ": deferral: later/");
        end();
    }

    @Test
    void aMangledReportDefersAndOneThatNobodyAskedForIsPassedOver() throws Exception {
        start("\170", "\170");
        submit("ann@mail.corp.example", "x\n", "kim@mail.corp.example");
        command(toLocal);
        report(fromLocal, "\7Kwhat\n\0");
        log.await("warning: internal error: delivery report out of range");
        report(fromLocal, "\0Qwhat\n\0");
        log.await("delivery 1: report mangled, will defer");
        log.await("status: local 0/10 remote 0/20", 2);
        report(fromLocal, "\0Klate\n\0");
        log.await("warning: internal error: delivery report out of range", 2);
        assertThat(log.text()).doesNotContain("end msg");
        end();
    }

    @Test
    void whenASpawnerIsLostTheDeliveriesOfTheOtherAreWaitedFor() throws Exception {
        start("\170", "\170");
        submit("ann@mail.corp.example", "x\n", "a@mail.corp.example", "b@far.test");
        command(toLocal);
        command(toRemote);
        fromLocal.output().close();
        log.await("alert: oh no! lost spawn connection! dying...");
        assertThat(exit).isNotDone();
        report(fromRemote, "\0Kok\n\0");
        assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(log.text())
                .contains("delivery " + delivery("b@far.test")
                        + ": success: ok/\nstatus: local 1/10 remote 0/20 exitasap\n")
                .endsWith("status: exiting\n");
    }

    @Test
    void afterTermDeliveriesUnderWayAreWaitedFor() throws Exception {
        start("\170", "\170");
        submit("ann@mail.corp.example", "x\n", "kim@mail.corp.example");
        command(toLocal);
        Optional.ofNullable(signals.get("TERM")).orElseThrow().run();
        report(fromLocal, "\0Kok\n\0");
        assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(log.text()).contains("end msg 1\n").endsWith("status: exiting\n");
    }

    @Test
    void withoutASpawnerItDoesNotStart() throws Exception {
        fromLocal.output().close();
        assertCannotStart("hath the daemon spawn no fire?");
    }

    @Test
    void withoutAHomeItDoesNotStart() throws Exception {
        home = new Home(directory.resolve("nowhere"));
        assertCannotStart("unable to switch to home directory");
    }

    @Test
    void withoutANameItDoesNotStart() throws Exception {
        Files.delete(home.path().resolve("control/me"));
        assertCannotStart("unable to read controls");
    }

    @Test
    void whereTheQueueIsNoDirectoryItDoesNotStart() throws Exception {
        Files.writeString(home.queue(), "");
        assertCannotStart("unable to switch to queue directory");
    }

    @Test
    void thereIsOneForAQueue() throws Exception {
        try (JournalQueue other = JournalQueue.open(home.queue(), QueueOptions.DEFAULT, CLOCK, line -> {})) {
            assertThat(other.messages()).isEmpty();
            assertCannotStart("qmail-send is already running");
        }
    }

    @Test
    void whatAnEarlierOneLeftInMessIsRemoved() throws Exception {
        Path leftover = home.queue().resolve("mess/3/026");
        Files.createDirectories(leftover.getParent());
        Files.writeString(leftover, "x");
        start("\170", "\170");
        log.await("status: ");
        assertThat(leftover).doesNotExist();
        end();
    }

    /** They are whole messages of which there is no other copy, and perhaps one of them has the number of one of ours. */
    @Test
    void messagesOfAFormerQmailInMessAreLeftAlone() throws Exception {
        Path first = home.queue().resolve("mess/1/1");
        Path other = home.queue().resolve("mess/3/2172698");
        for (Path message : List.of(first, other)) {
            Files.createDirectories(message.getParent());
            Files.writeString(message, "old");
        }
        start("\2", "\170");
        submit("ann@mail.corp.example", "new\n", "kim@mail.corp.example");
        String file = command(toLocal).split("\\|", -1)[1];
        assertThat(home.queue().resolve("mess").resolve(file)).content().endsWith("\nnew\n");
        report(fromLocal, "\0Kdid 1+0+0\n\0");
        log.await("end msg 1");
        assertThat(first).hasContent("old");
        assertThat(other).hasContent("old");
        end();
    }

    @Test
    void aQueueThatCannotBeClosedIsToldInTheLog() throws Exception {
        start("\170", "\170");
        log.await("status: ");
        Files.delete(home.queue().resolve("journal/numbers"));
        fromLocal.output().close();
        assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(111);
        assertThat(log.text())
                .contains("status: exiting\nalert: unable to close the queue: ")
                .endsWith("; nothing that was accepted is lost\n");
    }

    private void assertCannotStart(String why) throws Exception {
        start("", "");
        assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(111);
        assertThat(log.text()).isEqualTo("alert: cannot start: " + why + "\n");
    }

    /** @param local what qmail-lspawn says first */
    private void start(String local, String remote) throws IOException {
        Descriptors descriptors = Descriptors.none()
                .with(0, log)
                .with(1, toLocal.output())
                .with(2, fromLocal.input())
                .with(3, toRemote.output())
                .with(4, fromRemote.input());
        Call call = new Call("qmail-send", List.of(), Environment.empty(), descriptors, directory);
        QmailSendProgram program = new QmailSendProgram(home, new NoCommands(), CLOCK, signals::put);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                exit.complete(program.run(call));
            } catch (IOException | RuntimeException e) {
                exit.completeExceptionally(e);
            }
        });
        if (!local.isEmpty()) {
            report(fromLocal, local);
            report(fromRemote, remote);
        }
    }

    private void end() throws Exception {
        fromLocal.output().close();
        assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(log.text()).endsWith("status: exiting\n");
    }

    private long submit(String sender, String text, String... recipients) throws Exception {
        log.await("status: ");
        try (Submission submission = new QueueDoor(home.queue()).begin(Origin.USER)) {
            OutputStream message = submission.message();
            message.write(Octets.of(text));
            message.close();
            QueueResult result = submission.commit(sender, List.of(recipients));
            return result instanceof QueueResult.Accepted(long number) ? number : -1;
        }
    }

    /** The number of the delivery to a recipient. */
    private String delivery(String recipient) {
        Matcher line = Pattern.compile("starting delivery (\\d+): msg 1 to \\w+ " + recipient)
                .matcher(log.text());
        assertThat(line.find()).isTrue();
        return line.group(1);
    }

    private static void report(Pipe pipe, String octets) throws IOException {
        pipe.output().write(Octets.of(octets));
        pipe.output().flush();
    }

    /** The next command; {@code |} stands for NUL. */
    private static String command(Pipe pipe) throws IOException {
        InputStream in = pipe.input();
        StringBuilder command = new StringBuilder();
        command.append((char) in.read());
        for (int ends = 0; ends < 3; ) {
            int octet = in.read();
            assertThat(octet).isNotNegative();
            command.append((char) octet);
            ends += octet == 0 ? 1 : 0;
        }
        return command.toString().replace('\0', '|');
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
