package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tawnymail.assembly.Installation.Result;

/** A home with an old queue of qmail's is moved into with the real command, and served. */
class AdoptTest {

    private static final int SPLIT = 23;
    private static final String RECEIVED = "Received: (qmail 8 invoked by uid 7); 1 Mar 2025 08:00:00 -0000\n";

    private Path home = Path.of("/nowhere");

    @BeforeEach
    void makeHome() throws Exception {
        home = Installation.publicDirectory("tawny-adopt");
        try (ServerProcess server = ServerProcess.start(home)) {
            server.stop();
        }
        for (String name : List.of("pid", "intd", "todo", "bounce", "mess", "info", "local", "remote")) {
            Files.createDirectory(queue(name));
        }
        for (String name : List.of("mess", "info", "local", "remote")) {
            for (int part = 0; part < SPLIT; part++) {
                Files.createDirectory(queue(name + "/" + part));
            }
        }
    }

    @AfterEach
    void removeHome() throws IOException {
        Installation.remove(home);
    }

    private Path queue(String name) {
        return home.resolve("queue").resolve(name);
    }

    private Path file(String directory, long number) {
        return queue(directory + "/" + number % SPLIT + "/" + number);
    }

    /** How many messages of the old queue have not been removed yet. */
    private int oldMessages() throws IOException {
        int count = 0;
        for (int split = 0; split < SPLIT; split++) {
            count += Objects.requireNonNull(queue("mess/" + split).toFile().list()).length;
        }
        return count;
    }

    /** As qmail-queue does it. */
    private long queued(String text, String envelope) throws IOException {
        Path pid = queue("pid/1.2.3");
        Files.writeString(pid, RECEIVED + text, ISO_8859_1);
        long number = (long) Files.getAttribute(pid, "unix:ino");
        Files.createLink(file("mess", number), pid);
        Files.delete(pid);
        Files.writeString(queue("intd/" + number), "u7\0p8\0" + envelope, ISO_8859_1);
        Files.createLink(queue("todo/" + number), queue("intd/" + number));
        return number;
    }

    /** As qmail-send goes on. */
    private long preprocessed(String text, String sender, String local, String remote) throws IOException {
        long number = queued(text, "F" + sender + "\0");
        Files.writeString(file("info", number), "F" + sender + "\0", ISO_8859_1);
        Files.setLastModifiedTime(
                file("info", number), FileTime.from(Instant.now().minusSeconds(300)));
        if (!local.isEmpty()) {
            Files.writeString(file("local", number), local, ISO_8859_1);
        }
        if (!remote.isEmpty()) {
            Files.writeString(file("remote", number), remote, ISO_8859_1);
        }
        Files.delete(queue("intd/" + number));
        Files.delete(queue("todo/" + number));
        return number;
    }

    private List<String> command(String... options) {
        return Stream.concat(
                        Stream.of(Installation.shared().launcher().toString(), "adopt", home.toString()),
                        Stream.of(options))
                .toList();
    }

    private Result adopt(String... options) throws Exception {
        return Installation.run(home, Map.of(), new byte[0], command(options));
    }

    @Test
    void everyoneWhoIsNotDoneGetsTheOldMailOnceAndTheSenderHearsOfTheRest() throws Exception {
        try (Sink sink = new Sink()) {
            Files.writeString(home.resolve("control/smtproutes"), "far.test:127.0.0.1:" + sink.port() + "\n");
            Files.writeString(home.resolve("control/badrcptto"), "nobody\n");
            Files.writeString(home.resolve("control/concurrencyremote"), "500\n");
            Files.writeString(home.resolve("mailboxes/you/.qmail-work"), "./Maildir/\n");
            queued("Subject: waiting\n\nx\n", "Fann@far.test\0Tyou@tawny.test\0");
            long number = preprocessed(
                    "Subject: half done\n\ny\n",
                    "you@tawny.test",
                    "Dyou@tawny.test\0Tyou-work@tawny.test\0",
                    "Tkim@far.test\0Dlee@far.test\0");
            Files.writeString(queue("bounce/" + number), "<lee@far.test>:\nno_such_user here\n\n");

            Result rehearsal = adopt("--dry-run");
            assertThat(rehearsal.text()).contains("would take 2 messages (1 not preprocessed), and leave 0 files\n");
            Result result = adopt();
            assertThat(result.errors()).isEmpty();
            assertThat(result.exitCode()).isZero();
            assertThat(result.text())
                    .contains("control/badrcptto is read by nothing")
                    .contains("found: control/concurrencyremote is 500\n  now: it really is 500 now")
                    .endsWith("took 2 messages (1 not preprocessed); 0 files left\n");
            assertThat(adopt().text()).endsWith("took 0 messages (0 not preprocessed); 0 files left\n");

            try (ServerProcess server = ServerProcess.start(home)) {
                server.signal("ALRM");
                server.awaitLog("end msg 1\n");
                server.awaitLog("end msg 2\n");
                assertThat(adopt().errors()).contains("is running on");
                server.awaitDelivered("you", 3);
                server.stop();
                StringBuilder mail = new StringBuilder();
                for (Path one : server.delivered("you")) {
                    mail.append(Files.readString(one, ISO_8859_1)).append("=====\n");
                }
                assertThat(mail.toString())
                        .contains("Delivered-To: you@tawny.test\n" + RECEIVED + "Subject: waiting\n\nx\n=====")
                        .contains("Delivered-To: you-work@tawny.test\n" + RECEIVED + "Subject: half done\n\ny\n=====")
                        .contains("Subject: failure notice")
                        .contains("<lee@far.test>:\nno_such_user here\n\n--- Below this line");
                assertThat(server.delivered("you")).hasSize(3);
                assertThat(sink.received()).hasSize(1);
                assertThat(sink.received().getFirst().recipients()).containsExactly("kim@far.test");
            }
        }
    }

    @Test
    void killedAnywhereItGoesOnWhereItWas() throws Exception {
        int messages = 1500;
        for (int i = 0; i < messages; i++) {
            String text = "Subject: m" + i + "\n\nx\n";
            if (i % 2 == 0) {
                queued(text, "F\0Tyou@tawny.test\0");
            } else {
                preprocessed(text, "", "Tyou@tawny.test\0Dother@tawny.test\0", "");
            }
        }
        for (int left : new int[] {1499, 1200, 1000, 700, 300, 1}) {
            Process process = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Await.until(
                    "no more than " + left + " messages are left",
                    Duration.ofMinutes(1),
                    () -> oldMessages() <= left || !process.isAlive());
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(adopt().exitCode()).isZero();
        try (ServerProcess server = ServerProcess.start(home)) {
            Await.until(
                    "all old mail is delivered",
                    Duration.ofMinutes(2),
                    () -> server.delivered("you").size() >= messages);
            server.stop();
            Map<String, Integer> copies = new HashMap<>();
            for (Path mail : server.delivered("you")) {
                String text = Files.readString(mail, ISO_8859_1);
                copies.merge(text.substring(text.indexOf("\nSubject: ")), 1, Integer::sum);
            }
            assertThat(copies).hasSize(messages);
            assertThat(copies.values()).containsOnly(1);
        }
    }
}
