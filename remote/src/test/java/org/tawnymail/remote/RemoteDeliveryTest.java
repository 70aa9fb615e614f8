package org.tawnymail.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.remote.host.DeadHosts;

class RemoteDeliveryTest {

    private static final Path DIALOGUES = Path.of("src/test/resources/dialogues/server");
    private static final Path SHARED = Path.of("src/test/resources/dialogues/shared");
    private static final MessageSource MESSAGE = new TextMessage("Subject: hello\n\nHow are you?\n");
    private static final Program NONE = call -> {
        throw new CommandNotRun("file does not exist", false);
    };

    @TempDir
    private Path home;

    private final FixedDns dns = new FixedDns();
    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void thisHostIsMe() throws IOException {
        Files.createDirectories(home.resolve("control"));
        control("me", "me.test");
    }

    static Stream<String> dialogues() throws IOException {
        return filesIn(DIALOGUES);
    }

    static Stream<String> shared() throws IOException {
        return filesIn(SHARED);
    }

    private static Stream<String> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void connectionsOutliveLettersAsTheDialogueSays(String name) throws Exception {
        Dialogue dialogue = Dialogue.read(DIALOGUES.resolve(name));
        try (ScriptedHosts hosts = new ScriptedHosts(dialogue.hosts())) {
            control("smtproutes", ":127.0.0.1:" + hosts.port());
            List<String> outcomes = new ArrayList<>();
            try (RemoteDelivery delivery = delivery(Environment.empty(), NONE)) {
                for (int i = 0; i < dialogue.letters(); i++) {
                    outcomes.add(spelled(
                            delivery.deliver(new TextMessage(dialogue.message()), dialogue.sender(), "bob@far.test")));
                }
            }
            hosts.followed();
            assertThat(outcomes).isEqualTo(dialogue.reports());
        }
    }

    @ParameterizedTest
    @MethodSource("shared")
    void severalRecipientsShareTransactionsAsTheDialogueSays(String name) throws Exception {
        Dialogue dialogue = Dialogue.read(SHARED.resolve(name));
        try (ScriptedHosts hosts = new ScriptedHosts(dialogue.hosts())) {
            control("smtproutes", ":127.0.0.1:" + hosts.port());
            List<Outcome> outcomes;
            try (RemoteDelivery delivery = delivery(Environment.empty(), NONE)) {
                outcomes =
                        delivery.deliver(new TextMessage(dialogue.message()), dialogue.sender(), dialogue.recipients());
            }
            hosts.followed();
            assertThat(outcomes.stream().map(RemoteDeliveryTest::spelled).toList())
                    .isEqualTo(dialogue.reports());
        }
    }

    @Test
    void ofSeveralRecipientsOnlyTheOneFailsThatSmtpCannotExpress() throws IOException {
        control("smtproutes", ":127.0.0.1:1");
        try (RemoteDelivery delivery = delivery(Environment.empty(), NONE)) {
            assertThat(delivery.deliver(MESSAGE, "ann@sender.test", List.of("bob@far.test", "c\r\nd@far.test")).stream()
                            .map(RemoteDeliveryTest::spelled))
                    .containsExactly(
                            "ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)",
                            "DSorry, SMTP cannot express an address with a line end in it. (#5.1.3)");
            Files.delete(home.resolve("control/me"));
            assertThat(delivery.deliver(MESSAGE, "ann@sender.test", List.of("bob@far.test", "carl@far.test")).stream()
                            .map(RemoteDeliveryTest::spelled))
                    .containsOnly("ZUnable to read control files. (#4.3.0)")
                    .hasSize(2);
        }
    }

    @Test
    void anotherProgramGetsOneRecipientAtATime() throws IOException {
        List<String> seen = new ArrayList<>();
        Program outside = call -> {
            seen.addAll(call.arguments());
            call.stdout().write(Octets.of("r\0Ktaken\n\0"));
            return 0;
        };
        Environment environment = Environment.empty().with("QMAILREMOTE", "spawn-filter");
        try (RemoteDelivery delivery = delivery(environment, outside)) {
            assertThat(delivery.canShare()).isFalse();
            assertThat(delivery.deliver(MESSAGE, "", List.of("b@far.test", "c@far.test")))
                    .hasSize(2);
        }
        assertThat(seen).containsExactly("far.test", "", "b@far.test", "far.test", "", "c@far.test");
    }

    @Test
    void anAddressWithoutAHostFails() {
        assertThat(deliver("bob")).isEqualTo("DSorry, address must include host name. (#5.1.3)");
    }

    @Test
    void withoutANameToGiveMailWaits() throws IOException {
        Files.delete(home.resolve("control/me"));
        assertThat(deliver("bob@far.test")).isEqualTo("ZUnable to read control files. (#4.3.0)");
    }

    @Test
    void aChangedControlFileCountsForTheVeryNextDelivery() throws IOException {
        control("smtproutes", "far.test:127.0.0.1:1");
        try (RemoteDelivery delivery = delivery(Environment.empty(), NONE)) {
            assertThat(spelled(delivery.deliver(MESSAGE, "", "bob@far.test")))
                    .isEqualTo("ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)");
            Files.delete(home.resolve("control/me"));
            assertThat(spelled(delivery.deliver(MESSAGE, "", "bob@far.test")))
                    .isEqualTo("ZUnable to read control files. (#4.3.0)");
        }
    }

    @Test
    void aMessageThatCannotBeOpenedWaits() {
        MessageSource gone = new MessageSource() {
            @Override
            public long size() {
                return 5;
            }

            @Override
            public SeekableInput open() throws IOException {
                throw new IOException("input/output error");
            }
        };
        try (RemoteDelivery delivery = delivery(Environment.empty(), NONE)) {
            assertThat(spelled(delivery.deliver(gone, "", "bob@far.test")))
                    .isEqualTo("ZUnable to read message. (#4.3.0)");
        }
    }

    @Test
    void aServerThatStartsForgetsDeadHosts() throws IOException {
        Path table = DeadHosts.file(new Home(home));
        delivery(Environment.empty(), NONE).close();
        assertThat(table).hasBinaryContent(new byte[1024]);
        Files.write(table, Octets.of("x".repeat(1024)));
        delivery(Environment.empty(), NONE).close();
        assertThat(table).hasBinaryContent(new byte[1024]);
    }

    @Test
    void aTableOfDeadHostsThatCannotBeEmptiedIsToldOf() throws IOException {
        Path table = DeadHosts.file(new Home(home));
        Files.createDirectories(table);
        delivery(Environment.empty(), NONE).close();
        assertThat(log).containsExactly("warning: unable to empty " + table + ": is a directory");
    }

    @Test
    void aHostThatDoesNotAnswerIsNoted() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                RemoteDelivery delivery = delivery(Environment.empty(), NONE)) {
            List<Socket> queue = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                queue.add(new Socket(deaf.getInetAddress(), deaf.getLocalPort()));
            }
            control("timeoutconnect", "1");
            control("smtproutes", ":127.0.0.1:" + deaf.getLocalPort());
            Outcome outcome = delivery.deliver(MESSAGE, "", "bob@far.test");
            assertThat(spelled(outcome)).isEqualTo("ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)");
            byte[] table = Files.readAllBytes(DeadHosts.file(new Home(home)));
            assertThat(table).startsWith(127, 0, 0, 1, 1, 0, 0, 0);
            for (Socket waiting : queue) {
                waiting.close();
            }
        }
    }

    @Test
    void qmailremoteNamesTheProgramThatDelivers() throws IOException {
        List<String> seen = new ArrayList<>();
        Program outside = call -> {
            seen.add(call.name());
            seen.addAll(call.arguments());
            seen.add(Octets.text(call.stdin().readAllBytes()));
            call.stdout().write(Octets.of("r\0K192.0.2.1 accepted message.\n\0"));
            return 0;
        };
        Environment environment = Environment.empty().with("QMAILREMOTE", "spawn-filter");
        try (RemoteDelivery delivery = delivery(environment, outside)) {
            assertThat(spelled(delivery.deliver(MESSAGE, "ann@sender.test", "b@b@far.test")))
                    .isEqualTo("K192.0.2.1 accepted message.");
        }
        assertThat(seen)
                .containsExactly(
                        "spawn-filter",
                        "far.test",
                        "ann@sender.test",
                        "b@b@far.test",
                        "Subject: hello\n\nHow are you?\n");
    }

    @Test
    void whatBecameOfAnOutsideProgramIsReportedAsQmailRspawnDoes() {
        assertThat(ofOutside(call -> -11)).isEqualTo("Zqmail-remote crashed.");
        assertThat(ofOutside(call -> 111)).isEqualTo("ZUnable to run qmail-remote.");
        assertThat(ofOutside(call -> 1)).isEqualTo("DUnable to run qmail-remote.");
        assertThat(ofOutside(call -> 0)).isEqualTo("Zqmail-remote produced no output.");
        assertThat(ofOutside(NONE)).isEqualTo("DUnable to run qmail-remote.");
        assertThat(ofOutside(call -> {
                    throw new CommandNotRun("out of memory", true);
                }))
                .isEqualTo("ZUnable to run qmail-remote.");
    }

    @Test
    void ofAnOutsideProgramThatNeverStopsTalkingTheBeginningIsKept() {
        Program talker = call -> {
            call.stdout().write(Octets.of("K"));
            for (int i = 0; i < 100; i++) {
                call.stderr().write(Octets.of("x".repeat(4096)));
            }
            return 0;
        };
        assertThat(ofOutside(talker)).hasSizeLessThanOrEqualTo(64 * 1024);
    }

    private String ofOutside(Program outside) {
        Environment environment = Environment.empty().with("QMAILREMOTE", "/usr/local/bin/other");
        try (RemoteDelivery delivery = delivery(environment, outside)) {
            return spelled(delivery.deliver(MESSAGE, "", "bob@far.test"));
        }
    }

    private String deliver(String recipient) {
        try (RemoteDelivery delivery = delivery(Environment.empty(), NONE)) {
            return spelled(delivery.deliver(MESSAGE, "ann@sender.test", recipient));
        }
    }

    private RemoteDelivery delivery(Environment environment, Program outside) {
        return new RemoteDelivery(
                new Home(home),
                new OurCommands(outside),
                environment,
                dns,
                InstantSource.system(),
                new Random(7),
                log::add);
    }

    private static String spelled(Outcome outcome) {
        String letter = switch (outcome) {
            case Outcome.Delivered delivered -> "K";
            case Outcome.Deferred deferred -> "Z";
            case Outcome.Failed failed -> "D";
        };
        String text = outcome.text();
        return letter + (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    }

    private void control(String name, String value) throws IOException {
        Files.write(home.resolve("control").resolve(name), Octets.of(value + "\n"));
    }
}
