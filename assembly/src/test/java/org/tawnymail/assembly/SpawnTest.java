package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.posix.FileStatus;

/**
 * qmail-send, qmail-lspawn and qmail-rspawn as processes of their own, joined by pipes. The mailboxes belong to whoever runs the
 * tests; where that is root, to uid 1050.
 */
class SpawnTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final String START = """
            cd "$TAWNY_HOME" && mkfifo lc lr rc rr || exit 1
            "$BIN/qmail-lspawn" ./Maildir/ <lc >lr 2>lspawn.err &
            echo $! >lspawn.pid
            "$RSPAWN" <rc >rr 2>rspawn.err &
            exec "$BIN/qmail-send" 0>log 1>lc 2<lr 3>rc 4<rr
            """;

    private Path home;
    private Path mailbox;
    private int uid;

    @BeforeEach
    void makeAHome() throws Exception {
        home = Installation.publicDirectory("tawny-spawn");
        mailbox = Files.createDirectory(home.resolve("ann"));
        Files.createDirectory(home.resolve("control"));
        Files.createDirectory(home.resolve("users"));
        Files.writeString(home.resolve("control/me"), "here.test\n");
        run("maildirmake", mailbox.resolve("Maildir").toString());
        int own = FileStatus.of(home).uid();
        uid = own == 0 ? 1050 : own;
        if (own == 0) {
            assertThat(command("", "chown", "-R", uid + ":" + uid, mailbox.toString())
                            .exitCode())
                    .isZero();
        }
        String user = "ann:" + uid + ":" + FileStatus.of(mailbox).gid() + ":" + mailbox;
        Files.writeString(home.resolve("users/assign"), "=ann:" + user + ":::\n+ann-:" + user + ":-::\n.\n");
        run("qmail-newu");
    }

    @AfterEach
    void cleanUp() throws IOException {
        Installation.remove(home);
    }

    @Test
    void mailIsDeliveredForwardedBouncedAndRelayedByThreeProcesses() throws Exception {
        try (Sink sink = new Sink();
                Running send = start(Installation.shared().bin("qmail-rspawn"))) {
            Files.writeString(home.resolve("control/smtproutes"), "sink.test:127.0.0.1:" + sink.port() + "\n");
            Files.writeString(mailbox.resolve(".qmail-forward"), "&kim@sink.test\n");

            submit("ann@here.test");
            submit("kim@sink.test");
            submit("ann-forward@here.test");
            submit("ann-nobody@here.test");

            Await.until("the sink has both", LIMIT, () -> sink.received().size() == 2);
            Await.until("mail and bounce", LIMIT, () -> delivered().size() == 2);
            String mails = delivered().get(0) + delivered().get(1);
            assertThat(mails)
                    .contains("Return-Path: <ann@here.test>\nDelivered-To: ann@here.test\nReceived: (qmail ")
                    .contains(" invoked for bounce); ")
                    .contains("<ann-nobody@here.test>:\nSorry, no mailbox here by that name. (#5.1.1)\n");
            assertThat(sink.received().stream().map(Sink.Mail::text).filter(text -> text.contains("Delivered-To")))
                    .singleElement()
                    .asString()
                    .containsPattern("^Received: \\(qmail \\d+ invoked by uid " + uid + "\\); ");
            assertThat(send.stop()).isZero();
            assertThat(log()).endsWith("status: exiting\n");
            assertThat(mess()).isEmpty();
        }
    }

    @Test
    void aLostSpawnerEndsQmailSendWithOneLine() throws Exception {
        try (Running send = start(Installation.shared().bin("qmail-rspawn"))) {
            String pid = Files.readString(home.resolve("lspawn.pid")).strip();
            command("", "kill", "-9", pid);
            assertThat(send.await()).isZero();
            assertThat(log()).endsWith("alert: oh no! lost spawn connection! dying...\nstatus: exiting\n");
        }
    }

    @Test
    void theSpawnerOfTheProtocolsPageStandsInThePlaceOfQmailRspawn() throws Exception {
        String page = Files.readString(Path.of("../doc/spawn-protocol.md"));
        Path script = home.resolve("own-rspawn");
        Files.writeString(script, page.substring(page.indexOf("#!/bin/bash"), page.lastIndexOf("```")));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Running send = start(script)) {
            submit("kim@sink.test");
            awaitLog("deferral: Not_today:_kim@sink.test/");
            assertThat(log()).contains("status: local 0/10 remote 0/1\n");
            assertThat(send.stop()).isZero();
        }
    }

    private Running start(Path rspawn) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", START);
        builder.environment().put("TAWNY_HOME", home.toString());
        builder.environment().put("BIN", Installation.shared().bin("").toString());
        builder.environment().put("RSPAWN", rspawn.toString());
        Running running =
                new Running(builder.redirectErrorStream(true).inheritIO().start());
        Await.until("qmail-send is ready", LIMIT, () -> {
            if (!running.process.isAlive()) {
                throw new AssertionError("qmail-send ended: " + log());
            }
            return log().contains("status: ") && Files.exists(home.resolve("queue/socket"));
        });
        return running;
    }

    /** qmail-send; its end is the end of the spawners. */
    private record Running(Process process) implements AutoCloseable {

        int stop() throws Exception {
            process.destroy();
            return await();
        }

        int await() throws Exception {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    private void submit(String recipient) throws Exception {
        run("qmail-inject", "-fann@here.test", recipient);
    }

    private void run(String program, String... arguments) throws Exception {
        String[] line = new String[arguments.length + 1];
        line[0] = Installation.shared().bin(program).toString();
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        assertThat(command("Subject: x\n\nhello\n", line).exitCode()).isZero();
    }

    private Installation.Result command(String input, String... line) throws Exception {
        return Installation.run(home, Map.of(), input.getBytes(ISO_8859_1), List.of(line));
    }

    private void awaitLog(String text) throws Exception {
        Await.until(text, LIMIT, () -> log().contains(text));
    }

    private String log() throws IOException {
        Path log = home.resolve("log");
        return Files.exists(log) ? Files.readString(log, ISO_8859_1) : "";
    }

    private List<String> delivered() throws IOException {
        try (Stream<Path> files = Files.list(mailbox.resolve("Maildir/new"))) {
            List<String> mails = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                mails.add(Files.readString(file, ISO_8859_1));
            }
            return mails;
        }
    }

    private List<Path> mess() throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("queue/mess"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
