package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The programs as a person at a shell and the scripts of twenty years call them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShellTest {

    private static final String MESSAGE = "Subject: urgent\n\nhi\n";

    private Path directory;
    private ServerProcess server;

    @BeforeAll
    void startTheServer() throws Exception {
        directory = Installation.publicDirectory("tawny-shell");
        server = ServerProcess.start(directory.resolve("var"));
        write("message", MESSAGE);
        write("envelope", "Fann@far.test\0Tyou@tawny.test\0\0");
    }

    @AfterAll
    void stopTheServer() throws Exception {
        if (server != null) {
            server.close();
        }
        Installation.remove(directory);
    }

    @Test
    void qmailQueueSaysWhatBecameOfAMessageByItsExitCodeAlone() throws Exception {
        int before = server.delivered("you").size();
        write("noenvelope", "Xann@far.test\0\0");
        write("toolong", "F" + "a".repeat(1003) + "\0Tyou@tawny.test\0\0");
        assertThat(shell("""
                qmail-queue < message 1< envelope 2>&-; echo queued: $?
                cat message | qmail-queue 1< envelope; echo by a pipe: $?
                qmail-queue < message 1< noenvelope 2>&-; echo no envelope: $?
                qmail-queue < message 1< toolong 2>&-; echo long address: $?
                qmail-queue < message 1> written; echo envelope cannot be read: $?
                { qmail-queue < message; echo envelope from the wrong end of a pipe: $?; } | cat
                qmail-queue < message 1<&- ; echo no descriptor 1: $?
                qmail-queue <&- 1< envelope; echo no descriptor 0: $?
                cat written
                """)).isEqualTo("""
                queued: 0
                by a pipe: 0
                no envelope: 91
                long address: 11
                envelope cannot be read: 54
                envelope from the wrong end of a pipe: 54
                no descriptor 1: 54
                no descriptor 0: 54
                """);
        server.awaitDelivered("you", before + 2);
        assertThat(server.delivered("you")).hasSize(before + 2);
    }

    @Test
    void qmailInjectTakesMailFromAnywhereAndNeedsNobodyToListen() throws Exception {
        int before = server.delivered("you").size();
        assertThat(shell("""
                qmail-inject you@tawny.test < message; echo $?
                cat message | qmail-inject you@tawny.test; echo $?
                qmail-inject you@tawny.test < message 2>&-; echo $?
                qmail-inject you@tawny.test < message >&- 2>&-; echo $?
                qmail-inject you@tawny.test <&-; echo $?
                qmail-inject <<-END
                To: you@tawny.test
                Subject: from $(echo a here-document)

                .
                the end
                END
                echo $?
                """)).isEqualTo("0\n0\n0\n0\nqmail-inject: fatal: read error\n111\n0\n");
        server.awaitDelivered("you", before + 5);
        assertThat(server.delivered("you").stream().skip(before))
                .anySatisfy(file -> assertThat(Files.readString(file))
                        .endsWith("To: you@tawny.test\nSubject: from a here-document\n\n.\nthe end\n"));
    }

    @Test
    void forwardTakesSenderAndLoopMarkFromItsEnvironment() throws Exception {
        int before = server.delivered("you").size();
        assertThat(shell("""
                forward you@tawny.test < message; echo $?
                export NEWSENDER=ann@far.test
                forward you@tawny.test < message; echo $?
                export DTLINE='Delivered-To: list@tawny.test
                '
                forward you@tawny.test < message 2>&1 >/dev/null; echo $?
                """)).matches("""
                forward: fatal: NEWSENDER not set
                100
                forward: fatal: DTLINE not set
                100
                forward: qp \\d+
                0
                """);
        server.awaitDelivered("you", before + 1);
        assertThat(Files.readString(server.delivered("you").getLast()))
                .startsWith("Return-Path: <ann@far.test>\n")
                .endsWith("Delivered-To: list@tawny.test\n" + MESSAGE);
    }

    @Test
    void condredirectSendsAMessageOnIfAProgramSaysSo() throws Exception {
        int before = server.delivered("you").size();
        assertThat(shell("""
                export SENDER=ann@far.test DTLINE='Delivered-To: list@tawny.test
                '
                condredirect you@tawny.test grep -q urgent < message; echo yes: $?
                condredirect you@tawny.test grep -q lottery < message; echo no: $?
                condredirect you@tawny.test no-such-program < message; echo missing: $?
                condredirect you@tawny.test sh -c 'exit 111' < message; echo later: $?
                condredirect you@tawny.test sh -c 'kill -9 $$' < message; echo killed: $?
                cat message | condredirect you@tawny.test grep -q urgent; echo by a pipe: $?
                """)).matches("""
                condredirect: qp \\d+
                yes: 99
                no: 0
                missing: 0
                condredirect: fatal: temporary child error
                later: 111
                condredirect: fatal: child crashed
                killed: 111
                condredirect: fatal: unable to rewind: unseekable descriptor
                by a pipe: 111
                """);
        server.awaitDelivered("you", before + 1);
        assertThat(Files.readString(server.delivered("you").getLast()))
                .endsWith("Delivered-To: list@tawny.test\n" + MESSAGE);
    }

    @Test
    void sendmailBsSpeaksSmtpOnPipesAndMayRelay() throws Exception {
        int before = server.delivered("you").size();
        ProcessBuilder builder = new ProcessBuilder(bin().resolve("sendmail").toString(), "-bs")
                .redirectError(directory.resolve("bs").toFile());
        builder.environment().put("TAWNY_HOME", server.home().toString());
        Process sendmail = builder.start();
        try (BufferedReader replies = sendmail.inputReader(ISO_8859_1);
                OutputStream commands = sendmail.getOutputStream()) {
            assertThat(replies.readLine()).isEqualTo("220 tawny.test ESMTP");
            for (List<String> exchange : List.of(
                    List.of("MAIL FROM:<ann@far.test>", "250 ok"),
                    List.of("RCPT TO:<kim@far.test>", "250 ok"),
                    List.of("RSET", "250 flushed"),
                    List.of("MAIL FROM:<ann@far.test>", "250 ok"),
                    List.of("RCPT TO:<you@tawny.test>", "250 ok"),
                    List.of("DATA", "354 go ahead"))) {
                assertThat(exchange(commands, replies, exchange.getFirst())).isEqualTo(exchange.getLast());
            }
            assertThat(exchange(commands, replies, "Subject: by sendmail\r\n\r\n..\r\n."))
                    .matches("250 ok \\d+ qp \\d+");
            assertThat(exchange(commands, replies, "QUIT")).isEqualTo("221 tawny.test");
            assertThat(replies.readLine()).isNull();
        }
        assertThat(sendmail.waitFor()).isZero();
        assertThat(directory.resolve("bs")).isEmptyFile();
        server.awaitDelivered("you", before + 1);
        assertThat(Files.readString(server.delivered("you").getLast()))
                .contains("Received: from localhost (sendmail-bs@127.0.0.1)\n  by localhost with SMTP; ")
                .endsWith("Subject: by sendmail\n\n.\n");
    }

    @Test
    void sendmailTFindsTheRecipientsAndGoesOnAfterALineOfOneDot() throws Exception {
        int before = server.delivered("you").size();
        assertThat(shell("""
                printf 'To: you@tawny.test\\nSubject: hello\\n\\n.\\nmore\\n' | sendmail -t -oi -oem -f ann@far.test 2>&-; echo $?
                sendmail -q; echo $?
                """)).isEqualTo("""
                0
                sendmail: illegal option -- q
                sendmail: usage: sendmail [ -t ] [ -fsender ] [ -Fname ] [ -bp ] [ -bs ] [ arg ... ]
                100
                """);
        server.awaitDelivered("you", before + 1);
        assertThat(Files.readString(server.delivered("you").getLast()))
                .startsWith("Return-Path: <ann@far.test>\n")
                .contains("From: ann@far.test\n")
                .endsWith("\n\n.\nmore\n");
    }

    @Test
    void aFilterInQmailqueueChangesTheMessageAndRunsTheRealOneBehindItself() throws Exception {
        int before = server.delivered("you").size();
        Path filter = write("filter", """
                #!/bin/sh
                PATH=%s:$PATH
                sed 's/^Subject: /&[seen] /' | qmail-queue
                """.formatted(bin()));
        Path refusal = write("refusal", "#!/bin/sh\nprintf 'Dnot today (#5.7.1)' >&6\nexit 82\n");
        write("big", "Subject: big\n\n" + "more than a pipe holds\n".repeat(10_000));
        for (Path script : List.of(filter, refusal)) {
            assertThat(script.toFile().setExecutable(true, false)).isTrue();
        }
        assertThat(shell("""
                export QMAILQUEUE=$PWD/filter
                qmail-inject you@tawny.test < message; echo $?
                printf '%s\\r\\n' 'MAIL FROM:<ann@far.test>' 'RCPT TO:<you@tawny.test>' DATA 'Subject: two' '' . |
                    sendmail -bs | grep -c '^250 ok [0-9]* qp'
                export QMAILQUEUE=$PWD/refusal
                qmail-inject you@tawny.test < big; echo $?
                NEWSENDER=ann@far.test DTLINE='Delivered-To: a@b.test
                ' forward you@tawny.test < big; echo $?
                QMAILQUEUE=/no/such/program qmail-inject you@tawny.test < message; echo $?
                """)).isEqualTo("""
                0
                1
                qmail-inject: fatal: not today (#5.7.1)
                100
                forward: fatal: not today (#5.7.1)
                100
                qmail-inject: fatal: unable to exec qq (#4.3.0)
                111
                """);
        server.awaitDelivered("you", before + 2);
        assertThat(server.delivered("you").stream().skip(before))
                .allSatisfy(file -> assertThat(Files.readString(file)).contains("\nSubject: [seen] "));
    }

    private static String exchange(OutputStream commands, BufferedReader replies, String line) throws IOException {
        commands.write((line + "\r\n").getBytes(ISO_8859_1));
        commands.flush();
        return String.valueOf(replies.readLine());
    }

    private Path write(String name, String content) throws IOException {
        return Files.write(directory.resolve(name), content.getBytes(ISO_8859_1));
    }

    private static Path bin() {
        return Installation.shared().launcher().resolveSibling("bin");
    }

    /** Runs lines of a script with our programs in the path; gives what they printed on descriptors 1 and 2. */
    private String shell(String script) throws Exception {
        String start = "exec 2>&1; cd " + directory + "; PATH=" + bin() + ":$PATH\n";
        Installation.Result result =
                Installation.run(server.home(), Map.of(), new byte[0], List.of("sh", "-c", start + script));
        assertThat(result.errors()).isEmpty();
        return result.text();
    }
}
