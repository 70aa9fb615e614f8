package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of mail once it is in: relayed, bounced, exploded, filtered. The real server, the real sockets. */
class DeliveryTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private Path directory;
    private Path home;

    @BeforeEach
    void makeRoom() throws Exception {
        directory = Installation.publicDirectory("tawny-delivery");
        home = directory.resolve("var");
    }

    @AfterEach
    void cleanUp() throws Exception {
        Installation.remove(directory);
    }

    @Test
    void mailForAnotherDomainIsRelayedToASecondTawny() throws Exception {
        try (ServerProcess second = ServerProcess.start(
                        directory.resolve("second"), "--domain", "second.test", "--mailbox", "bob");
                ServerProcess first = startWithRoute("second.test", second.smtpPort())) {
            send(first, "ann@tawny.test", "bob@second.test", "Subject: over there\n\n.dot\nlast line\n");
            second.awaitDelivered("bob", 1);
            String mail = Files.readString(second.delivered("bob").getFirst(), ISO_8859_1);
            assertThat(mail)
                    .startsWith("Return-Path: <ann@tawny.test>\nDelivered-To: bob@second.test\nReceived: (qmail ")
                    .endsWith("Subject: over there\n\n.dot\nlast line\n");
            first.awaitLog("end msg");
            assertThat(first.printed())
                    .contains("to remote bob@second.test")
                    .contains("success: 127.0.0.1_accepted_message./Remote_host_said:_250_ok_");
        }
    }

    @Test
    void mailForAnotherDomainIsRelayedToAPlainSmtpServer() throws Exception {
        try (Sink sink = new Sink();
                ServerProcess server = startWithRoute("sink.test", sink.port())) {
            send(server, "ann@tawny.test", "kim@sink.test", "Subject: plain\n\n.\n..two\n");
            Await.until("the sink has it", LIMIT, () -> !sink.received().isEmpty());
            Sink.Mail mail = sink.received().getFirst();
            assertThat(mail.sender()).isEqualTo("ann@tawny.test");
            assertThat(mail.recipients()).containsExactly("kim@sink.test");
            assertThat(mail.text()).startsWith("Received: (qmail ").endsWith("Subject: plain\r\n\r\n.\r\n..two\r\n");
        }
    }

    @Test
    void aWrongAddressBouncesToTheSender() throws Exception {
        try (ServerProcess server = ServerProcess.start(home)) {
            send(server, "you@tawny.test", "nobody-here@tawny.test", "Subject: hello?\n\nanybody?\n");
            server.awaitDelivered("you", 1);
            String bounce = Files.readString(server.delivered("you").getFirst(), ISO_8859_1);
            assertThat(bounce)
                    .startsWith("Return-Path: <>\nDelivered-To: you@tawny.test\nReceived: (qmail ")
                    .contains(" invoked for bounce); ")
                    .contains("""
                            From: MAILER-DAEMON@tawny.test
                            To: you@tawny.test
                            Subject: failure notice

                            Hi. This is the qmail-send program at tawny.test.
                            """)
                    .contains("<nobody-here@tawny.test>:\nSorry, no mailbox here by that name. (#5.1.1)\n")
                    .contains("--- Below this line is a copy of the message.\n\nReturn-Path: <you@tawny.test>\n")
                    .endsWith("Subject: hello?\n\nanybody?\n");
        }
    }

    @Test
    void aListOfAThousandGivesEachSubscriberAnAddressOfItsOwnToBounceTo() throws Exception {
        int subscribers = 1_000;
        try (Sink sink = new Sink();
                ServerProcess server = startWithRoute("sink.test", sink.port())) {
            StringBuilder list = new StringBuilder();
            for (int i = 0; i < subscribers; i++) {
                list.append("&member").append(i).append("@sink.test\n");
            }
            writeDotQmail(".qmail-list", list.toString());
            writeDotQmail(".qmail-list-owner", "./Maildir/\n");
            writeDotQmail(".qmail-list-owner-default", "./Maildir/\n");
            send(server, "ann@tawny.test", "you-list@tawny.test", "Subject: to all\n\nhi\n");
            Await.until("all have it", LIMIT, () -> sink.received().size() >= subscribers);

            Set<String> pairs = new TreeSet<>();
            for (Sink.Mail mail : sink.received()) {
                pairs.add(mail.sender() + " " + mail.recipients());
            }
            Set<String> expected = new TreeSet<>();
            for (int i = 0; i < subscribers; i++) {
                expected.add("you-list-owner-member" + i + "=sink.test@tawny.test [member" + i + "@sink.test]");
            }
            assertThat(pairs).isEqualTo(expected);
            assertThat(sink.received()).hasSize(subscribers);
        }
    }

    @Test
    void recipientsOfOneHostShareTransactionsWhereTheControlFileSaysSo() throws Exception {
        try (ServerProcess server = ServerProcess.start(home)) {
            assertThat(server.stop()).isZero();
        }
        Files.writeString(home.resolve("control/maxrcptremote"), "100\n");
        try (Sink sink = new Sink();
                ServerProcess server = startWithRoute("", sink.port());
                SmtpClient client = new SmtpClient(server.smtpPort())) {
            Set<String> everybody = new TreeSet<>();
            client.command("MAIL FROM:<ann@tawny.test>");
            for (int i = 0; i < 303; i++) {
                String recipient = "member" + i + (i % 101 == 100 ? "@other.test" : "@sink.test");
                everybody.add(recipient);
                assertThat(client.command("RCPT TO:<" + recipient + ">")).startsWith("250");
            }
            client.command("DATA");
            client.raw().write("Subject: to all\r\n\r\nhi\r\n.\r\n".getBytes(ISO_8859_1));
            assertThat(client.reply()).startsWith("250 ok ");
            server.awaitLog("end msg");
            assertThat(sink.received())
                    .hasSize(3 + 1)
                    .allMatch(mail -> mail.sender().equals("ann@tawny.test"));
            assertThat(sink.received().stream().flatMap(mail -> mail.recipients().stream()))
                    .containsExactlyInAnyOrderElementsOf(everybody);
            assertThat(server.printed().lines().filter(line -> line.contains(": success: 127.0.0.1_accepted_message.")))
                    .hasSize(303);
        }
    }

    @Test
    void aDotQmailFileRunsShellPipelinesOurOwnProgramsAndOutsideFilters() throws Exception {
        try (ServerProcess server = ServerProcess.start(home)) {
            Path mailbox = home.resolve("mailboxes/you");
            Path filter = mailbox.resolve("filter");
            Files.writeString(filter, "#!/usr/bin/perl\nwhile (<STDIN>) { s/colour/color/; print; }\n");
            filter.toFile().setExecutable(true, false);
            writeDotQmail(".qmail-work", """
                    # an outside filter between two of our own programs, then a shell pipeline, then a plain delivery
                    |preline -fr ./filter > filtered
                    |grep -c '^colour' | tr -d '\\n' > count; echo " from $SENDER to $EXT" >> count
                    |bouncesaying 'not today' grep -q forbidden
                    |forward you-copy@"$HOST"
                    ./Maildir/
                    """);
            writeDotQmail(".qmail-copy", "./Copies/\n");
            assertThat(Installation.run(
                                    home,
                                    Map.of(),
                                    new byte[0],
                                    List.of(
                                            Installation.shared()
                                                    .bin("maildirmake")
                                                    .toString(),
                                            mailbox.resolve("Copies").toString()))
                            .exitCode())
                    .isZero();
            giveTo(mailbox, mailbox.resolve("Copies"));

            send(server, "ann@far.test", "you-work@tawny.test", "Subject: paint\n\ncolour one\ncolour two\n");
            server.awaitDelivered("you", 1);
            Path copies = mailbox.resolve("Copies/new");
            Await.until("the forwarded copy", LIMIT, () -> count(copies) == 1);
            assertThat(Files.readString(mailbox.resolve("filtered")))
                    .startsWith("Delivered-To: you-work@tawny.test\nReceived: ")
                    .endsWith("\n\ncolor one\ncolor two\n");
            assertThat(Files.readString(mailbox.resolve("count"))).isEqualTo("2 from ann@far.test to work\n");
            server.awaitLog("did_1+0+4/");

            send(server, "you@tawny.test", "you-work@tawny.test", "Subject: no\n\nforbidden words\n");
            server.awaitDelivered("you", 2);
            server.awaitLog("failure: not_today/");
            assertThat(count(copies)).isEqualTo(1);
        }
    }

    @Test
    void aHundredMegabytesPassThroughASmallHeap() throws Exception {
        int size = 100_000_000;
        try (ServerProcess server = ServerProcess.start(home, Map.of("TAWNY_HEAP", "256m"));
                SmtpClient client = new SmtpClient(server.smtpPort())) {
            client.command("MAIL FROM:<ann@far.test>");
            client.command("RCPT TO:<you@tawny.test>");
            client.command("DATA");
            OutputStream out = client.raw();
            byte[] block = noise();
            out.write("Subject: big\r\n\r\n".getBytes(ISO_8859_1));
            for (int sent = 0; sent < size; sent += block.length) {
                out.write(block);
            }
            out.write(".\r\n".getBytes(ISO_8859_1));
            assertThat(client.reply()).startsWith("250 ok ");
            server.awaitDelivered("you", 1);
            assertThat(Files.size(server.delivered("you").getFirst())).isGreaterThan(size / 80L * 79);
        }
    }

    @Test
    void mailInjectedWhileNoServerRunsWaitsAndIsDeliveredAtTheNextStart() throws Exception {
        try (ServerProcess server = ServerProcess.start(home)) {
            assertThat(server.stop()).isZero();
        }
        Installation.Result injected = Installation.run(
                home,
                Map.of("QMAILUSER", "ann", "QMAILHOST", "far.test"),
                "To: you@tawny.test\nSubject: early\n\nwaiting\n".getBytes(ISO_8859_1),
                List.of(Installation.shared().bin("qmail-inject").toString()));
        assertThat(injected.exitCode()).as(injected.errors()).isZero();
        try (ServerProcess server = ServerProcess.start(home)) {
            server.awaitDelivered("you", 1);
            assertThat(Files.readString(server.delivered("you").getFirst())).contains("Subject: early\n");
        }
    }

    private ServerProcess startWithRoute(String domain, int port) throws Exception {
        ServerProcess server = ServerProcess.start(home);
        Files.writeString(home.resolve("control/smtproutes"), domain + ":127.0.0.1:" + port + "\n");
        return server;
    }

    private static void send(ServerProcess server, String sender, String recipient, String text) throws Exception {
        try (SmtpClient client = new SmtpClient(server.smtpPort())) {
            client.send(sender, recipient, text.replace("\n.", "\n.."));
        }
    }

    private void writeDotQmail(String name, String content) throws Exception {
        Path file = home.resolve("mailboxes/you").resolve(name);
        Files.writeString(file, content);
        giveTo(home.resolve("mailboxes/you"), file);
    }

    /** Files that a test run by root makes belong to the mailbox's owner, as they would if the owner had made them. */
    private static void giveTo(Path owned, Path tree) throws Exception {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                Files.setOwner(file, Files.getOwner(owned));
            }
        }
    }

    private static long count(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    /** A megabyte of lines of 78 letters. */
    private static byte[] noise() {
        byte[] block = new byte[80 * 12_500];
        Random random = new Random(1);
        for (int i = 0; i < block.length; i++) {
            int column = i % 80;
            block[i] = (byte) (column == 78 ? '\r' : column == 79 ? '\n' : 'a' + random.nextInt(26));
        }
        return block;
    }
}
