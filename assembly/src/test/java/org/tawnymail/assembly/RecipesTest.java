package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The worked example and the recipes that qmail's administrators live by (core spec, sections 17.2 and 17.3). */
class RecipesTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static Path directory;
    private static Path home;
    private static Sink world;
    private static ServerProcess server;

    @BeforeAll
    static void configure() throws Exception {
        directory = Installation.publicDirectory("tawny-recipes");
        home = directory.resolve("var");
        world = new Sink();
        try (ServerProcess first = ServerProcess.start(home)) {
            assertThat(first.stop()).isZero();
            assertThat(first.printed()).endsWith("status: exiting\n");
        }
        control("rcpthosts", "tawny.test\nclub.test\ngone.test\n");
        control("virtualdomains", "club.test:you-club\ngone.test:you-gone\nfixme:you-fixup\n.uucp.test:you-uucp\n");
        control("smtproutes", "stuck.test:127.0.0.1:1\n:127.0.0.1:" + world.port() + "\n");
        control("queueextra", "log\n");
        dotQmail("mailboxes/you/.qmail-club-default", """
                |grep -q urgent && exit 99; exit 0
                &archive@far.test
                ./Maildir/
                """);
        dotQmail("mailboxes/you/.qmail-fixup-default", """
                |bouncesaying 'Permission denied' [ "@$HOST" != "@fixme" ]
                |qmail-inject -f "$SENDER" -- "$DEFAULT"
                """);
        dotQmail("mailboxes/you/.qmail-uucp-default", "|echo \"$DEFAULT@$HOST\" >> uucp.out\n");
        dotQmail("alias/.qmail-default", "| forward \"$LOCAL\"@hub.corp.example\n");
        dotQmail("alias/.qmail-log", "./log.mbox\n");
        server = ServerProcess.start(home);
    }

    @AfterAll
    static void cleanUp() throws Exception {
        server.close();
        world.close();
        Installation.remove(directory);
    }

    @Test
    void mailToAVirtualDomainGoesTheWayOfTheWorkedExample() throws Exception {
        send("pat@far.test", "News@club.test", "Subject: calm\n\nno hurry\n");
        server.awaitLog("to local you-club-News@club.test\n");
        Await.until(
                "the archive has it", LIMIT, () -> mailTo("archive@far.test").isPresent());
        assertThat(mailTo("archive@far.test").orElseThrow().sender()).isEqualTo("pat@far.test");
        assertThat(mailTo("archive@far.test").orElseThrow().text()).contains("Subject: calm\r\n");
        Await.until(
                "its log line",
                LIMIT,
                () -> server.printed().matches("(?s).*delivery \\d+: success: did_1\\+1\\+1/qp_\\d+/\n.*"));
        send("pat@far.test", "News@club.test", "Subject: run\n\nurgent\n");
        server.awaitLog("success: did_0+0+1/\n");
    }

    @Test
    void aBounceShowsAVirtualAddressAsItsSenderWroteIt() throws Exception {
        send("lou@far.test", "News@gone.test", "Subject: anybody\n\nhello?\n");
        Await.until("the bounce", LIMIT, () -> mailTo("lou@far.test").isPresent());
        assertThat(mailTo("lou@far.test").orElseThrow().text())
                .contains("\r\n<News@gone.test>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n");
        assertThat(mailTo("lou@far.test").orElseThrow().sender()).isEmpty();
    }

    /** Which anybody may have given any sender; nobody here believes it either. */
    @Test
    void theEnvelopeDecidesWhateverTheHeaderAsksFor() throws Exception {
        String spy = "spy@far.test";
        StringBuilder header = new StringBuilder();
        for (String field : List.of("To", "Bcc", "Errors-To", "Return-Receipt-To", "Return-Path", "Sender", "From")) {
            header.append(field).append(": ").append(spy).append('\n');
        }
        send("nell@far.test", "News@gone.test", header + "\nhello?\n");
        Await.until("the bounce", LIMIT, () -> mailTo("nell@far.test").isPresent());
        server.awaitLog("to remote nell@far.test\n");
        assertThat(mailTo("nell@far.test").orElseThrow().text()).contains("\r\nTo: nell@far.test\r\n");
        assertThat(server.printed()).doesNotContain(spy);
    }

    @Test
    void theMailOfADumbClientGetsTheFieldsThatItLacks() throws Exception {
        Installation.Result session = run(
                Map.of("RELAYCLIENT", "@fixme", "TCPREMOTEIP", "192.0.2.7"),
                "MAIL FROM:<dumb@tawny.test>\r\nRCPT TO:<dora@far.test>\r\nDATA\r\nTo: dora\r\n\r\nhi\r\n.\r\nQUIT\r\n",
                "qmail-smtpd");
        assertThat(session.text()).contains("354 go ahead\r\n250 ok ");
        Await.until("the mail, mended", LIMIT, () -> mailTo("dora@far.test").isPresent());
        Sink.Mail mended = mailTo("dora@far.test").orElseThrow();
        assertThat(mended.sender()).isEqualTo("dumb@tawny.test");
        assertThat(mended.text())
                .contains("\r\nDate: ")
                .contains("\r\nMessage-ID: <")
                .contains("\r\nTo: dora@");
    }

    @Test
    void mailForUnknownUsersIsForwardedToAHub() throws Exception {
        inject("stranger@tawny.test");
        Await.until(
                "the hub has it",
                LIMIT,
                () -> mailTo("stranger@hub.corp.example").isPresent());
    }

    @Test
    void aGatewayOfOldGetsUserAndHost() throws Exception {
        inject("Bob@Old.uucp.test");
        Path out = home.resolve("mailboxes/you/uucp.out");
        Await.until("the gateway has run", LIMIT, () -> Files.exists(out) && Files.size(out) > 0);
        assertThat(Files.readString(out)).isEqualTo("Bob@Old.uucp.test\n");
    }

    @Test
    void aCopyOfAllMailGoesToTheLog() throws Exception {
        inject("eve@far.test");
        Path log = home.resolve("alias/log.mbox");
        Await.until(
                "the copy",
                LIMIT,
                () -> Files.exists(log)
                        && Files.readString(log, ISO_8859_1).contains("\nCc: recipient list not shown: ;\n"));
        Await.until("the mail itself", LIMIT, () -> mailTo("eve@far.test").isPresent());
    }

    @Test
    void signalsReachTheRunningServer() throws Exception {
        inject("zoe@stuck.test");
        server.awaitLog("deferral: Sorry,_I_wasn't_able_to_establish_an_SMTP_connection._(#4.4.1)/");
        control("smtproutes", ":127.0.0.1:" + world.port() + "\n");
        assertThat(run(Map.of(), "", "qmail-tcpok").exitCode()).isZero();
        // A route counts from the next second on, so one signal may come too early.
        Await.until("a queue run by hand", LIMIT, () -> {
            server.signal("ALRM");
            return mailTo("zoe@stuck.test").isPresent();
        });

        control("virtualdomains", Files.readString(home.resolve("control/virtualdomains")) + "late.test:you-club\n");
        server.signal("HUP");
        Await.until("a new virtual domain", LIMIT, () -> {
            send("pat@far.test", "x@club.test", "Subject: urgent\n\n");
            inject("News@late.test");
            return server.printed().contains("to local you-club-News@late.test\n");
        });
    }

    @Test
    void aNullClientSendsEverythingToItsHub() throws Exception {
        Path client = directory.resolve("client");
        try (ServerProcess first = ServerProcess.start(client)) {
            assertThat(first.stop()).isZero();
        }
        Files.writeString(client.resolve("control/locals"), "");
        Files.writeString(client.resolve("control/smtproutes"), ":127.0.0.1:" + world.port() + "\n");
        try (ServerProcess nullClient = ServerProcess.start(client)) {
            Installation.Result injected = Installation.run(
                    client,
                    Map.of("QMAILUSER", "ann"),
                    "Subject: x\n\n".getBytes(ISO_8859_1),
                    List.of(Installation.shared().bin("qmail-inject").toString(), "you@tawny.test"));
            assertThat(injected.exitCode()).isZero();
            Await.until("the hub has it", LIMIT, () -> mailTo("you@tawny.test").isPresent());
            assertThat(nullClient.delivered("you")).isEmpty();
        }
    }

    private static Optional<Sink.Mail> mailTo(String recipient) {
        return world.received().stream()
                .filter(mail -> mail.recipients().contains(recipient))
                .findFirst();
    }

    private static void send(String sender, String recipient, String text) throws Exception {
        try (SmtpClient client = new SmtpClient(server.smtpPort())) {
            client.send(sender, recipient, text);
        }
    }

    private static void inject(String recipient) throws Exception {
        Installation.Result result = run(Map.of("QMAILUSER", "ann"), "Subject: x\n\nhi\n", "qmail-inject", recipient);
        assertThat(result.exitCode()).as(result.errors()).isZero();
    }

    private static Installation.Result run(
            Map<String, String> environment, String input, String program, String... more) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(Installation.shared().bin(program).toString()));
        command.addAll(List.of(more));
        return Installation.run(home, environment, input.getBytes(ISO_8859_1), command);
    }

    private static void control(String name, String content) throws Exception {
        Files.writeString(home.resolve("control").resolve(name), content);
    }

    /** Belongs to whose directory it stands in, as if the owner had made it. */
    private static void dotQmail(String name, String content) throws Exception {
        Path file = home.resolve(name);
        Files.writeString(file, content);
        Files.setOwner(file, Files.getOwner(file.getParent()));
    }
}
