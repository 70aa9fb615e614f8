package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;

/** A queue with mail is damaged; queue salvage writes it out, qmail-queue takes it in elsewhere, and it is delivered. */
class SalvageRoundTripTest {

    private static final int MESSAGES = 6;

    private Path directory;
    private Path home;
    private Path salvaged;

    @BeforeEach
    void makeRoom() throws Exception {
        directory = Installation.publicDirectory("tawny-salvage");
        home = directory.resolve("var");
        salvaged = directory.resolve("salvaged");
    }

    @AfterEach
    void cleanUp() throws Exception {
        Installation.remove(directory);
    }

    private Installation.Result queue(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(Installation.shared().bin("queue").toString()));
        command.addAll(List.of(arguments));
        return Installation.run(home, Map.of(), new byte[0], command);
    }

    /** A server that delivers nothing takes mail in and is killed. */
    private void mailThatWaits() throws Exception {
        try (ServerProcess first = ServerProcess.start(home)) {
            first.kill();
        }
        Files.writeString(home.resolve("control/concurrencylocal"), "0\n");
        try (ServerProcess server = ServerProcess.start(home)) {
            for (int i = 1; i <= MESSAGES; i++) {
                try (SmtpClient client = new SmtpClient(server.smtpPort())) {
                    String filler = "a line of the message\n".repeat(i == 2 ? 10_000 : 3);
                    client.send("ann@far.test", "you@tawny.test", "Subject: number " + i + "\n\n" + filler + "end\n");
                }
            }
            server.awaitLog("new msg " + MESSAGES);
            Installation.Result used = queue("salvage", "--dry-run");
            assertThat(used.errors()).contains("is in use by a server");
            assertThat(used.text()).contains("msg " + MESSAGES + ": ");
            server.kill();
        }
    }

    /** Changes one octet behind a text in the newest segment. */
    private void damage(String before, int distance) throws IOException {
        try (Stream<Path> segments = Files.list(home.resolve("queue/journal"))) {
            for (Path segment : segments.sorted().toList()) {
                byte[] bytes = Files.readAllBytes(segment);
                int at = Octets.text(bytes).indexOf(before);
                if (at >= 0) {
                    bytes[at + distance] ^= 1;
                    Files.write(segment, bytes);
                    return;
                }
            }
        }
        throw new AssertionError("there is no " + before);
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(salvaged)) {
            return new TreeSet<>(
                    files.map(Path::getFileName).map(String::valueOf).toList());
        }
    }

    @Test
    void whatIsSalvagedIsTakenInByQmailQueueAndDelivered() throws Exception {
        mailThatWaits();
        damage("Subject: number 3", 20);
        damage("Received: (qmail 5 ", -30);
        Installation.Result result = queue("salvage", "--to", salvaged.toString());
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(1);
        assertThat(result.errors()).isEmpty();
        assertThat(result.text().lines())
                .anyMatch(line -> line.matches(
                        "msg 1: .* from <ann@far.test>: text whole, envelope whole, 1 of 1" + " recipients left"))
                .anyMatch(line -> line.matches("msg 3: .*: text damaged, envelope whole, 1 of 1 recipients left"))
                .anyMatch(line -> line.endsWith("they look like a record about message 5"))
                .endsWith(MESSAGES + " messages, 2 of them damaged; 2 damaged places");
        String head = names().stream()
                .filter(name -> name.matches("[0-9]{10}\\.[0-9]+\\.env"))
                .findFirst()
                .orElseThrow()
                .replace(".env", "");
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "1.msg",
                        "1.env",
                        "2.msg",
                        "2.env",
                        "3.damaged",
                        "3.env",
                        "4.msg",
                        "4.env",
                        "6.msg",
                        "6.env",
                        head + ".damaged",
                        head + ".env");
        for (String name : names()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(salvaged.resolve(name))))
                    .isEqualTo("rw-------");
        }
        Path elsewhere = directory.resolve("elsewhere");
        try (ServerProcess server = ServerProcess.start(elsewhere)) {
            // As doc/queue.md says it.
            Installation.Result sent = Installation.run(
                    elsewhere,
                    Map.of("BIN", Installation.shared().bin("qmail-queue").toString()),
                    new byte[0],
                    List.of(
                            "sh",
                            "-c",
                            "cd " + salvaged + " && for env in *.env; do msg=${env%.env}.msg;"
                                    + " if [ -f $msg ]; then $BIN <$msg 1<$env && rm $msg $env; fi; done"));
            assertThat(sent.exitCode()).as(sent.errors()).isZero();
            server.awaitDelivered("you", 4);
            Set<String> subjects = new TreeSet<>();
            for (Path mail : server.delivered("you")) {
                String text = Files.readString(mail, ISO_8859_1);
                assertThat(text).startsWith("Return-Path: <ann@far.test>\n").endsWith("a line of the message\nend\n");
                subjects.add(text.replaceFirst("(?s).*\nSubject: (number \\d)\n.*", "$1"));
            }
            assertThat(subjects).containsExactly("number 1", "number 2", "number 4", "number 6");
        }
        assertThat(names()).containsExactly(head + ".damaged", head + ".env", "3.damaged", "3.env");
    }

    @Test
    void aDirectoryWithSomethingInItIsLeftAlone() throws Exception {
        Files.createDirectories(home.resolve("queue/journal"));
        Files.createDirectory(salvaged);
        Files.writeString(salvaged.resolve("1.msg"), "mine\n");
        Installation.Result result = queue("salvage", home.resolve("queue").toString(), "--to", salvaged.toString());
        assertThat(result.exitCode()).isEqualTo(100);
        assertThat(result.errors()).contains(salvaged + " is not empty");
        assertThat(salvaged.resolve("1.msg")).hasContent("mine\n");
    }

    @Test
    void wrongUsageAndAMissingQueueAreNamed() throws Exception {
        for (String[] wrong : new String[][] {
            {},
            {"mend"},
            {"salvage"},
            {"salvage", "--to"},
            {"salvage", "a", "b", "--dry-run"},
            {"salvage", "-x", "--dry-run"}
        }) {
            Installation.Result result = queue(wrong);
            assertThat(result.exitCode()).isEqualTo(100);
            assertThat(result.errors()).startsWith("queue: usage: queue salvage [ QUEUE ] --to DIRECTORY | --dry-run");
        }
        Installation.Result result = queue("salvage", "--dry-run");
        assertThat(result.exitCode()).isEqualTo(111);
        assertThat(result.errors()).contains(home + "/queue is no queue: there is no " + home + "/queue/journal");
    }
}
