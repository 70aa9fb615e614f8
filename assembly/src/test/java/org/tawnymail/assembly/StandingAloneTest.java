package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Our network programs as processes of their own under somebody else's tcpserver, with mail that arrives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandingAloneTest {

    private Path directory;
    private ServerProcess server;
    private String password;
    private Path strangers;
    private Path friends;

    @BeforeAll
    void startTheServer() throws Exception {
        DebianTcpserver.mustBeThere();
        directory = Installation.publicDirectory("tawny-standing-alone");
        server = ServerProcess.start(directory.resolve("var"));
        password = server.password().orElseThrow();
        strangers = DebianTcpserver.rules(directory, "strangers", ":allow\n");
        friends =
                DebianTcpserver.rules(directory, "friends", "127.:allow,RELAYCLIENT=\"\",DATABYTES=\"1000\"\n:deny\n");
    }

    @AfterAll
    void stopTheServer() throws Exception {
        if (server != null) {
            server.close();
            Installation.remove(directory);
        }
    }

    @Test
    void qmailSmtpdTakesMailAndItsRulesCount() throws Exception {
        int before = server.delivered("you").size();
        try (DebianTcpserver smtp = DebianTcpserver.start(server.home(), strangers, bin("qmail-smtpd"));
                SmtpClient client = new SmtpClient(smtp.port())) {
            assertThat(client.command("MAIL FROM:<ann@far.test>")).isEqualTo("250 ok");
            assertThat(client.command("RCPT TO:<kim@far.test>"))
                    .isEqualTo("553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)");
            client.send("ann@far.test", "you@tawny.test", "Subject: alone\n\nhi\n");
            assertThat(client.command("QUIT")).startsWith("221 ");
        }
        server.awaitDelivered("you", before + 1);
        assertThat(Files.readString(server.delivered("you").getLast()))
                .contains("Received: from unknown (HELO client.test) (127.0.0.1)\n  by 0 with SMTP; ");
        try (DebianTcpserver smtp = DebianTcpserver.start(server.home(), friends, bin("qmail-smtpd"));
                SmtpClient client = new SmtpClient(smtp.port())) {
            assertThat(client.command("MAIL FROM:<ann@far.test>")).isEqualTo("250 ok");
            assertThat(client.command("RCPT TO:<kim@far.test>")).isEqualTo("250 ok");
            assertThat(client.command("MAIL FROM:<ann@far.test> SIZE=1001"))
                    .isEqualTo("552 sorry, that message size exceeds my databytes limit (#5.3.4)");
        }
    }

    @Test
    void qmailQmtpdAnswersEachRecipient() throws Exception {
        int before = server.delivered("you").size();
        try (DebianTcpserver qmtp = DebianTcpserver.start(server.home(), strangers, bin("qmail-qmtpd"));
                Socket client = qmtp.connect()) {
            String text = "\nSubject: quick\n\nhi\n";
            String recipients = "14:you@tawny.test,12:kim@far.test,";
            say(
                    client,
                    text.length() + ":" + text + ",12:ann@far.test," + recipients.length() + ":" + recipients + ",");
            client.shutdownOutput();
            assertThat(all(client))
                    .matches("\\d+:Kok \\d+ qp \\d+,66:Dsorry, that domain isn't in my list of allowed rcpthosts"
                            + " \\(#5\\.7\\.1\\),");
        }
        server.awaitDelivered("you", before + 1);
        assertThat(Files.readString(server.delivered("you").getLast())).contains("  by 0 with QMTP; ");
    }

    @Test
    void aHostWithoutAQueueHandsItsMailToOneThatHasOne() throws Exception {
        int before = server.delivered("you").size();
        Path mini = miniQmail();
        String message = "Subject: from afar\n\nhi\n";
        try (DebianTcpserver qmqp = DebianTcpserver.start(server.home(), friends, bin("qmail-qmqpd"))) {
            Files.writeString(mini.resolve("var/control/qmqpservers"), "127.0.0.1:" + qmqp.port() + "\n");
            for (List<String> command : List.of(
                    List.of(mini.resolve("bin/qmail-inject").toString(), "you@tawny.test"),
                    List.of(mini.resolve("bin/sendmail").toString(), "you@tawny.test"),
                    List.of(
                            "sh",
                            "-c",
                            "printf 'Fann@far.test\\0Tyou@tawny.test\\0\\0' > " + mini + "/envelope; " + mini
                                    + "/bin/qmail-queue 1< " + mini + "/envelope"))) {
                assertThat(mini(mini, command, message)).as(command.toString()).isZero();
            }
        }
        server.awaitDelivered("you", before + 3);
        assertThat(Files.readString(server.delivered("you").getLast()))
                .contains("Received: from unknown (127.0.0.1)\n  by 0 with QMQP; ");
        assertThat(mini.resolve("var/queue")).doesNotExist();
        assertThat(mini(mini, List.of(mini.resolve("bin/qmail-inject").toString(), "you@tawny.test"), message))
                .as("nobody is there any more")
                .isEqualTo(111);
    }

    @Test
    void pop3ReadsTheMailbox() throws Exception {
        int before = server.delivered("you").size();
        Installation.Result sent = Installation.run(
                server.home(),
                Map.of(),
                "Subject: to be read\n\nfirst\n.second\n".getBytes(ISO_8859_1),
                List.of(bin("qmail-inject"), "you@tawny.test"));
        assertThat(sent.exitCode()).isZero();
        server.awaitDelivered("you", before + 1);
        Path file = server.delivered("you").getLast();
        // A message of this very second is left for the next session.
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
        try (DebianTcpserver pop3 = DebianTcpserver.start(
                        server.home(),
                        strangers,
                        bin("qmail-popup"),
                        "pop.tawny.test",
                        bin("checkmailbox"),
                        bin("qmail-pop3d"),
                        "Maildir");
                Socket client = pop3.connect()) {
            BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
            assertThat(in.readLine()).startsWith("+OK <").endsWith("@pop.tawny.test>");
            say(client, "USER you@tawny.test\r\n");
            assertThat(in.readLine()).isEqualTo("+OK ");
            say(client, "PASS " + password + "\r\n");
            assertThat(in.readLine()).isEqualTo("+OK ");
            say(client, "TOP 1\r\n");
            List<String> whole = untilDot(in);
            assertThat(whole).contains("Subject: to be read", "first", "..second");
            say(client, "RETR 1\r\n");
            assertThat(untilDot(in)).isEqualTo(whole);
            say(client, "TOP 1 1\r\n");
            assertThat(untilDot(in)).contains("first").doesNotContain("..second");
            say(client, "QUIT\r\n");
            assertThat(in.readLine()).isEqualTo("+OK ");
            assertThat(in.readLine()).isNull();
        }
    }

    @Test
    void ourTcpserverGivesOutsideProgramsTheSocket() throws Exception {
        Process process = new ProcessBuilder(
                        bin("tcpserver"),
                        "-1",
                        "-HRl0",
                        "127.0.0.1",
                        "0",
                        "sh",
                        "-c",
                        "test -S /proc/$$/fd/0 && test -S /proc/$$/fd/1 && echo $PROTO $TCPREMOTEIP && read a && echo $a")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), ISO_8859_1));
                Socket client = new Socket(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(out.readLine()))) {
            say(client, "echo\n");
            assertThat(all(client)).isEqualTo("TCP 127.0.0.1\necho\n");
            process.destroy();
            assertThat(process.waitFor()).as("the exit code after TERM").isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /** An installed tree with its own home, in which qmail-queue is a link to qmail-qmqpc. */
    private Path miniQmail() throws IOException {
        Path mini = Files.createDirectories(directory.resolve("mini"));
        Path installed = Installation.shared().launcher();
        for (String part : List.of("tawny", "lib", "tawny.aot", "java-home")) {
            if (Files.exists(installed.resolveSibling(part))) {
                Files.createSymbolicLink(mini.resolve(part), installed.resolveSibling(part));
            }
        }
        Files.createDirectory(mini.resolve("bin"));
        try (Stream<Path> links = Files.list(installed.resolveSibling("bin"))) {
            for (Path link : links.toList()) {
                boolean isQueue = link.endsWith("qmail-queue");
                Files.createSymbolicLink(
                        mini.resolve("bin").resolve(link.getFileName()), Path.of(isQueue ? "qmail-qmqpc" : "../tawny"));
            }
        }
        Files.createDirectories(mini.resolve("var/control"));
        Files.writeString(mini.resolve("var/control/me"), "mini.test\n");
        return mini;
    }

    private int mini(Path mini, List<String> command, String message) throws Exception {
        return Installation.run(mini.resolve("var"), Map.of(), message.getBytes(ISO_8859_1), command)
                .exitCode();
    }

    private static void say(Socket client, String text) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(text.getBytes(ISO_8859_1));
    }

    private static String all(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    private static List<String> untilDot(BufferedReader in) throws IOException {
        assertThat(in.readLine()).isEqualTo("+OK ");
        List<String> lines = new ArrayList<>();
        for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
            lines.add(String.valueOf(line));
        }
        return lines;
    }

    private static String bin(String program) {
        return Installation.shared().bin(program).toString();
    }
}
