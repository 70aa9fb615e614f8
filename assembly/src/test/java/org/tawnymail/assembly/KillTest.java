package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code kill -9} under load, again and again: what was answered with 250 is delivered, and nothing is torn. */
class KillTest {

    private static final int ROUNDS = 50;
    private static final int SESSIONS = 8;
    private static final int LONGEST_ROUND_MILLIS = 400;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String END = "this is the end of the message\n";

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private Path directory;
    private Path home;

    @BeforeEach
    void makeRoom() throws Exception {
        directory = Installation.publicDirectory("tawny-kill");
        home = directory.resolve("var");
    }

    @AfterEach
    void cleanUp() throws Exception {
        Installation.remove(directory);
    }

    @Test
    void everyMessageAnsweredWith250IsDeliveredAndNoneIsTorn() throws Exception {
        long seed = System.nanoTime();
        System.err.println("KillTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            try (ServerProcess server = ServerProcess.start(home)) {
                List<Thread> senders = new ArrayList<>();
                for (int session = 0; session < SESSIONS; session++) {
                    String name = "r" + round + "s" + session;
                    int lines = 1 + random.nextInt(session == 0 ? 20_000 : 200);
                    senders.add(Thread.startVirtualThread(() -> sendUntilItDies(server.smtpPort(), name, lines)));
                }
                LockSupport.parkNanos(
                        Duration.ofMillis(random.nextInt(LONGEST_ROUND_MILLIS)).toNanos());
                server.kill();
                for (Thread sender : senders) {
                    sender.join(LIMIT);
                }
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
        try (ServerProcess server = ServerProcess.start(home)) {
            Map<String, Integer> copies = new HashMap<>();
            Await.until("every acknowledged message is delivered", LIMIT, () -> {
                copies.clear();
                for (Path mail : server.delivered("you")) {
                    copies.merge(identify(mail), 1, Integer::sum);
                }
                return copies.keySet().containsAll(acknowledged);
            });
            System.err.println("KillTest: " + acknowledged.size() + " acknowledged, " + copies.size() + " delivered, "
                    + copies.values().stream().filter(n -> n > 1).count() + " more than once");
        }
    }

    private void sendUntilItDies(int port, String name, int lines) {
        String body = "a line of the body that is there to be cut somewhere\n".repeat(lines);
        try (SmtpClient client = new SmtpClient(port)) {
            for (int i = 0; ; i++) {
                String id = name + "m" + i;
                client.send("ann@far.test", "you@tawny.test", "Subject: " + id + "\n\n" + lines + "\n" + body + END);
                acknowledged.add(id);
            }
        } catch (IOException killed) {
            // That is what the test is about.
        }
    }

    /** The id of a delivered message; fails if it is not whole. */
    private static String identify(Path mail) throws IOException {
        String text = Files.readString(mail, ISO_8859_1);
        assertThat(text)
                .as("torn: %s", mail)
                .startsWith("Return-Path: <ann@far.test>\nDelivered-To: ")
                .endsWith(END);
        int subject = text.indexOf("\nSubject: ") + "\nSubject: ".length();
        String id = text.substring(subject, text.indexOf('\n', subject));
        int body = text.indexOf("\n\n") + 2;
        int lines = Integer.parseInt(text.substring(body, text.indexOf('\n', body)));
        assertThat(text.substring(body).lines().count()).as("lines of %s", mail).isEqualTo(lines + 2L);
        return id;
    }
}
