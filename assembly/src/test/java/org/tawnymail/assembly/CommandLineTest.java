package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The programs by their own names, from scripts, with the descriptors that qmail promises. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineTest {

    private static final Pattern MESSAGE_ID = Pattern.compile("(?m)^Message-ID: <\\d{14}\\.(\\d+)\\.qmail@");

    private Path directory;
    private ServerProcess server;

    @BeforeAll
    void startTheServer() throws Exception {
        directory = Installation.publicDirectory("tawny-command-line");
        server = ServerProcess.start(directory.resolve("var"));
    }

    @AfterAll
    void stopTheServer() throws Exception {
        server.close();
        Installation.remove(directory);
    }

    @Test
    void aShellScriptQueuesMailWithTheEnvelopeOnDescriptorOne() throws Exception {
        int before = server.delivered("you").size();
        Path message = write("message", "Subject: from a shell\n\nhi\n");
        Path envelope = write("envelope", "Fann@far.test\0Tyou@tawny.test\0\0");
        Installation.Result result = shell(bin("qmail-queue") + " < " + message + " 1< " + envelope);
        assertThat(result.exitCode()).as(result.errors()).isZero();
        server.awaitDelivered("you", before + 1);
    }

    @Test
    void aPerlScriptQueuesMailThroughPipes() throws Exception {
        int before = server.delivered("you").size();
        Path script = write("queue.pl", """
                pipe(my $mr, my $mw); pipe(my $er, my $ew);
                my $pid = fork();
                if (!$pid) {
                    close $mw; close $ew;
                    open(STDIN, '<&', $mr) or die; open(STDOUT, '<&', $er) or die;
                    exec $ARGV[0]; die;
                }
                close $mr; close $er;
                print $mw "Subject: from perl\\n\\nhi\\n"; close $mw;
                print $ew "Fann\\@far.test\\0Tyou\\@tawny.test\\0\\0"; close $ew;
                waitpid($pid, 0); exit($? >> 8);
                """);
        Installation.Result result = run(List.of("perl", script.toString(), bin("qmail-queue")), "", Map.of());
        assertThat(result.exitCode()).as(result.errors()).isZero();
        server.awaitDelivered("you", before + 1);
    }

    @Test
    void aFileMayHaveANameOfUtf8WhereCronHasSetNoLocale() throws Exception {
        String cron = "unset LC_ALL LC_CTYPE LANG; cd " + directory + "; name=$(printf 'Entw\\303\\274rfe'); ";
        Installation.Result made = shell(cron + bin("maildirmake") + " \"$name\"; test -d \"$name/new\" && echo made");
        assertThat(made.text()).isEqualTo("made\n");
        assertThat(made.errors()).isEmpty();
        assertThat(shell(cron + bin("except") + " sh -c 'echo ${LC_ALL-unset}'").text())
                .as("what others see of it")
                .isEqualTo("unset\n");
    }

    @Test
    void aMessageInAPipeCannotBeDeliveredByHand() throws Exception {
        String command = bin("qmail-local") + " -- ann " + directory + " ann '' '' corp.example pat@far.test ./box";
        Installation.Result piped = shell("cat " + write("by-hand", "Subject: x\n\nbody\n") + " | " + command);
        assertThat(piped.errors()).isEqualTo("Unable to rewind message. (#4.3.0)\n");
        assertThat(piped.exitCode()).isEqualTo(111);
        assertThat(directory.resolve("box")).doesNotExist();
        Installation.Result fromFile = shell(command + " < " + directory.resolve("by-hand"));
        assertThat(fromFile.text()).isEqualTo("did 1+0+0\n");
    }

    @Test
    void aHangupDoesNotStopQmailQueue() throws Exception {
        int before = server.delivered("you").size();
        Path envelope = write("envelope3", "Fann@far.test\0Tyou@tawny.test\0\0");
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", "exec " + bin("qmail-queue") + " 1< " + envelope + " 2>/dev/null");
        builder.environment().put("TAWNY_HOME", server.home().toString());
        Process queue = builder.start();
        Path status = Path.of("/proc/" + queue.pid() + "/status");
        Await.until(
                "it ignores HUP, INT and QUIT",
                Duration.ofMinutes(1),
                () -> Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).trim(), 16) & 7) == 7));
        for (String signal : List.of("HUP", "INT", "QUIT", "PROF", "HUP")) {
            assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(queue.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        }
        try (OutputStream message = queue.getOutputStream()) {
            message.write("Subject: after a hangup\n\nhi\n".getBytes(ISO_8859_1));
        }
        assertThat(queue.waitFor()).isZero();
        server.awaitDelivered("you", before + 1);
    }

    @Test
    void anInterruptedProgramDiesOfTheSignalSoThatAShellsLoopEndsToo() throws Exception {
        // It takes more than a pipe holds, so it has begun.
        Path script = write("signals.pl", """
                for my $signal (1, 2, 3, 15) {
                    pipe(my $r, my $w);
                    my $pid = fork();
                    if (!$pid) {
                        close $w; open(STDIN, '<&', $r) or die;
                        $SIG{$_} = 'DEFAULT' for qw(HUP INT QUIT TERM);
                        exec $ARGV[0], '-n'; die;
                    }
                    close $r;
                    syswrite($w, "Subject: x\\n\\n") or die;
                    for (1 .. 300) { syswrite($w, "y" x 1023 . "\\n") == 1024 or die; }
                    kill($signal, $pid) or die;
                    waitpid($pid, 0); print STDERR $? & 127, "\\n";
                }
                """);
        Installation.Result result = run(List.of("perl", script.toString(), bin("qmail-inject")), "", Map.of());
        assertThat(result.errors()).isEqualTo("1\n2\n3\n15\n");
    }

    @Test
    void softlimitsOfARunScriptDoNotStopAProgram() throws Exception {
        Installation.Result result =
                shell("ulimit -S -v 20000; ulimit -S -d 20000; ulimit -S -s 2000; exec " + bin("qmail-inject") + " -n");
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.text()).startsWith("Return-Path: <");
    }

    @Test
    void aLinkWithANameOfItsOwnIsTheProgramThatItLeadsTo() throws Exception {
        Files.createSymbolicLink(directory.resolve("alternative"), Path.of(bin("qmail-inject")));
        Files.createSymbolicLink(directory.resolve("sendmail.qmail"), Path.of("alternative"));
        Installation.Result result =
                run(List.of(directory.resolve("sendmail.qmail").toString(), "-n"), "Subject: x\n\n", Map.of());
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.text()).startsWith("Return-Path: <");
    }

    @Test
    void noVariableOfTheEnvironmentIsTouchedOrMistaken() throws Exception {
        Map<String, String> odd = new TreeMap<>(Map.of("UFLINE", "", "RPLINE", "", "DTLINE", "", "_", "under"));
        for (String name : List.of("me", "root", "dist", "home", "path", "jvm", "heap", "fds", "n", "key", "version")) {
            odd.put(name, "of the user");
        }
        Installation.Result result = run(List.of(bin("preline"), "env"), "", odd);
        assertThat(result.errors()).isEmpty();
        assertThat(result.text().lines())
                .containsAll(odd.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
    }

    @Test
    void mailIsTakenFromAProgramWhoseDirectoryWasRemoved() throws Exception {
        Installation.Result result = shell("mkdir " + directory + "/gone; cd " + directory
                + "/gone; rmdir ../gone; exec " + bin("qmail-inject") + " -n");
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.text()).startsWith("Return-Path: <");
    }

    @Test
    void aListThatNobodyReadsToItsEndIsNoError() throws Exception {
        Path script = write("unread.pl", """
                pipe(my $r, my $w); close $r; open(STDOUT, '>&', $w) or die; exec @ARGV; die;
                """);
        for (String program : List.of("qmail-showctl", "qmail-qstat")) {
            Installation.Result result = run(List.of("perl", script.toString(), bin(program)), "", Map.of());
            assertThat(result.errors()).isEmpty();
            assertThat(result.exitCode()).isEqualTo(128 + 13);
        }
    }

    @Test
    void anEnvelopeWithoutItsLastNulIsRefused() throws Exception {
        Path message = write("message2", "Subject: x\n\n");
        Path envelope = write("envelope2", "Fann@far.test\0Tyou@tawny.test\0");
        assertThat(shell(bin("qmail-queue") + " < " + message + " 1< " + envelope)
                        .exitCode())
                .isEqualTo(54);
    }

    @Test
    void withoutAServerAFullDiskIsAWriteError() throws Exception {
        Path drop = Files.createDirectories(directory.resolve("down/queue/drop"));
        Path envelope = write("envelope4", "Fann@far.test\0Tyou@tawny.test\0\0");
        for (int size : List.of(10_000, 200_000)) {
            Path message = write("message4", "Subject: large\n\n" + "x".repeat(size));
            // A file may have 4096 octets: writing more fails, as on a full disk.
            Installation.Result result = run(
                    List.of("sh", "-c", "ulimit -f 8; exec " + bin("qmail-queue") + " <" + message + " 1<" + envelope),
                    "",
                    Map.of("TAWNY_HOME", directory.resolve("down").toString()));
            assertThat(result.exitCode()).isEqualTo(53);
            assertThat(drop).isEmptyDirectory();
        }
    }

    @Test
    void anOutsideProgramInQmailqueueGetsMessageAndEnvelope() throws Exception {
        Path hook = write(
                "hook",
                "#!/bin/sh\necho seen >&2\ncat > " + directory + "/seen.message\ncat <&1 > " + directory
                        + "/seen.envelope\nexit 31\n");
        assertThat(hook.toFile().setExecutable(true, false)).isTrue();
        Installation.Result result = run(
                List.of(bin("qmail-inject"), "-f", "ann@far.test", "kim@far.test"),
                "Subject: filtered\n\nhi\n",
                Map.of("QMAILQUEUE", hook.toString()));
        assertThat(result.exitCode()).isEqualTo(100);
        assertThat(result.errors())
                .isEqualTo("seen\nqmail-inject: fatal: mail server permanently rejected message (#5.3.0)\n");
        assertThat(Files.readString(directory.resolve("seen.message"))).endsWith("Subject: filtered\n\nhi\n");
        assertThat(Files.readString(directory.resolve("seen.envelope"), ISO_8859_1))
                .isEqualTo("Fann@far.test\0Tkim@far.test\0\0");
    }

    @Test
    void eightBitArgumentsAndEnvironmentReachAProgramUnharmedInTheCLocale() throws Exception {
        Path script = write(
                "latin.sh",
                "LC_ALL=C QMAILNAME=\"$(printf 'J\\374rgen')\" exec \"$1\" -n -f \"$(printf 'j\\374@far.test')\" a@b.test");
        Installation.Result result = run(
                List.of("sh", script.toString(), bin("qmail-inject")), "Subject: x\n\n", Map.of("QMAILUSER", "ann"));
        assertThat(result.text())
                .contains("From: \"J\u00fcrgen\" <ann@")
                .startsWith("Return-Path: <\"j\u00fc\"@far.test>\n");
    }

    @Test
    void sendmailSubmitsToTheRunningServer() throws Exception {
        int before = server.delivered("you").size();
        Installation.Result result = run(
                List.of(bin("sendmail"), "-t"), "To: you@tawny.test\nSubject: sendmail\n\nhi\n", Map.of("USER", "ann"));
        assertThat(result.exitCode()).as(result.errors()).isZero();
        server.awaitDelivered("you", before + 1);
    }

    @Test
    void sendmailBecomesQmailInjectSoItsProcessIdIsInTheMessageId() throws Exception {
        Path hook = write("keep", "#!/bin/sh\ncat > " + directory + "/kept.message\n");
        assertThat(hook.toFile().setExecutable(true, false)).isTrue();
        Path script = write("who.sh", "echo $$\nexec \"$1\" you@tawny.test");
        Installation.Result result = run(
                List.of("sh", script.toString(), bin("sendmail")),
                "Subject: who\n\n",
                Map.of("QMAILQUEUE", hook.toString()));
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(Files.readString(directory.resolve("kept.message"), ISO_8859_1))
                .containsPattern("(?m)^Message-ID: <\\d{14}\\." + result.text().strip() + "\\.qmail@");
    }

    @Test
    void twoProgramsThatRunQmailInjectInsideThemselvesGiveItDifferentNumbers() throws Exception {
        Map<String, String> environment = Map.of("UFLINE", "", "RPLINE", "", "DTLINE", "");
        List<String> command = List.of(bin("preline"), bin("qmail-inject"), "-n");
        String first = run(command, "", environment).text();
        String second = run(command, "", environment).text();
        assertThat(numberOfMessageId(first)).isNotEqualTo(numberOfMessageId(second));
    }

    private static String numberOfMessageId(String message) {
        Matcher field = MESSAGE_ID.matcher(message);
        assertThat(field.find()).as(message).isTrue();
        return field.group(1);
    }

    @Test
    void theQueueCanBeLookedAtWhileTheServerRuns() throws Exception {
        Files.writeString(server.home().resolve("control/smtproutes"), "stuck.test:127.0.0.1:1\n");
        run(List.of(bin("qmail-inject"), "-f", "ann@far.test", "kim@stuck.test"), "Subject: stuck\n\n", Map.of());
        server.awaitLog("deferral: Sorry,_I_wasn't_able_to_establish_an_SMTP_connection._(#4.4.1)/");
        assertThat(run(List.of(bin("qmail-qread")), "", Map.of()).text())
                .containsPattern(
                        "(?m)^\\d+ [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT  #\\d+  \\d+  <ann@far.test> $")
                .contains("\tremote\tkim@stuck.test\n");
        assertThat(run(List.of(bin("qmail-qstat")), "", Map.of()).text())
                .containsPattern("^messages in queue: [1-9]\\d*\nmessages in queue but not yet preprocessed: 0\n$");
    }

    private Path write(String name, String content) throws Exception {
        return Files.write(directory.resolve(name), content.getBytes(ISO_8859_1));
    }

    private static String bin(String program) {
        return Installation.shared().bin(program).toString();
    }

    private Installation.Result shell(String line) throws Exception {
        return run(List.of("sh", "-c", line), "", Map.of());
    }

    private Installation.Result run(List<String> command, String input, Map<String, String> environment)
            throws Exception {
        return Installation.run(server.home(), environment, input.getBytes(ISO_8859_1), command);
    }
}
