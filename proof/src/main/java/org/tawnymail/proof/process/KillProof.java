package org.tawnymail.proof.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.tawnymail.harness.LoopDisk;
import org.tawnymail.harness.ServeProcess;
import org.tawnymail.proof.process.ShellPrograms.Kind;

/**
 * {@code kill -9} under load, again and again, on one home: at a random moment while all kinds of mail come in and go out, or
 * while the server starts. The programs of the shell live through it, and some of them are killed too. At the end the
 * server starts once more and empties its queue; then every acknowledged letter is where it should be, and whole.
 */
final class KillProof {

    private static final int DISK_MEGABYTES = 2048;
    private static final int SESSIONS = 6;
    private static final List<Kind> SHELLS = List.of(Kind.QMAIL_QUEUE, Kind.QMAIL_QUEUE, Kind.QMAIL_INJECT);

    /** One round in so many ends before the server is ready. */
    private static final int KILLED_AT_START = 5;

    private static final int LONGEST_LOAD_MILLIS = 1500;

    /** The mbox is looked into every so many rounds: what stands behind a piece of a letter must be found too. */
    private static final int BETWEEN_MBOXES = 25;

    /** A killed client does not hear the answer. */
    static final Set<String> CLIENT_KILLED = Set.of("queue: a submission by the socket failed: ");

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final Path bin;
    private final int rounds;
    private final long seed;
    private final Report report;
    private final Ledger ledger = new Ledger();
    private final Load load = new Load(ledger);
    private final SplittableRandom random;
    private final ServerTalk talk = new ServerTalk(ServerTalk.EVERYTHING, CLIENT_KILLED);

    private int killedAtStart;
    private Duration lastStart = Duration.ofMillis(500);
    private Duration longestStart = Duration.ZERO;

    KillProof(Path bin, int rounds, long seed, Report report) {
        this.bin = bin;
        this.rounds = rounds;
        this.seed = seed;
        this.report = report;
        this.random = new SplittableRandom(seed);
    }

    /** @return whether nothing was lost or torn */
    boolean run() throws IOException, InterruptedException {
        report.line("seed " + seed);
        try (LoopDisk disk = LoopDisk.create(DISK_MEGABYTES);
                Scratch scratch = Scratch.make()) {
            report.line("disk " + disk.description());
            FurnishedHome home = new FurnishedHome(disk.path().resolve("home"), new Findings(ledger));
            try (Sink sink = new Sink(0, home::sunk)) {
                start(home, scratch).close();
                home.furnish(sink.port());
                ShellPrograms programs = new ShellPrograms(List.of(), bin, home.path(), scratch.path());
                try (Shells shells = new Shells()) {
                    for (Kind kind : SHELLS) {
                        shells.start(load, programs, kind, random.split());
                    }
                    killAgainAndAgain(home, scratch);
                }
                lastStart(home, programs, scratch);
            }
            home.setAside().forEach(file -> ledger.violation("set aside: " + file));
        }
        return verdict();
    }

    private ServeProcess start(FurnishedHome home, Scratch scratch) throws IOException, InterruptedException {
        return ServeProcess.start(
                command(), Map.of(), home.path(), scratch.path().resolve("log"));
    }

    private List<String> command() {
        return List.of(bin.resolveSibling("tawny").toString(), "serve");
    }

    private void killAgainAndAgain(FurnishedHome home, Scratch scratch) throws IOException, InterruptedException {
        long lastLine = System.nanoTime();
        for (int round = 1; round <= rounds; round++) {
            Path log = scratch.path().resolve("log");
            try (ServeProcess server = ServeProcess.launch(command(), Map.of(), home.path(), log)) {
                round(server);
            }
            talk.listen(Files.readAllBytes(log));
            home.collect();
            if (round % BETWEEN_MBOXES == 0) {
                home.collectMbox();
            }
            if (System.nanoTime() - lastLine > BETWEEN_LINES.toNanos()) {
                lastLine = System.nanoTime();
                report.line("round " + round + " acknowledged " + ledger.copies() + " found " + ledger.delivered());
            }
        }
    }

    private void round(ServeProcess server) throws IOException, InterruptedException {
        if (random.nextInt(KILLED_AT_START) == 0) {
            killedAtStart++;
            Thread.sleep(random.nextLong(lastStart.toMillis() + 1));
            server.kill();
            return;
        }
        long launched = System.nanoTime();
        server.awaitReady();
        lastStart = Duration.ofNanos(System.nanoTime() - launched);
        longestStart = lastStart.compareTo(longestStart) > 0 ? lastStart : longestStart;
        List<Thread> sessions = load.sessions(SESSIONS, server.smtp(), random, () -> false);
        Thread.sleep(random.nextInt(LONGEST_LOAD_MILLIS));
        server.kill();
        for (Thread session : sessions) {
            session.join();
        }
    }

    private void lastStart(FurnishedHome home, ShellPrograms programs, Scratch scratch)
            throws IOException, InterruptedException {
        try (ServeProcess server = start(home, scratch)) {
            EmptyQueue.await(programs, () -> server.signal("ALRM"));
            int code = server.stop();
            if (code != 0) {
                ledger.violation("the last server ended with " + code);
            }
        }
        talk.listen(Files.readAllBytes(scratch.path().resolve("log")));
        home.collect();
        home.collectMbox();
    }

    private boolean verdict() throws IOException {
        if (ledger.pieces() > rounds) {
            ledger.violation(
                    ledger.pieces() + " pieces in an mbox after " + rounds + " kills: one at a time can be torn");
        }
        talk.alarming().forEach(ledger::violation);
        report.figure("rounds", rounds);
        report.figure("killed while starting", killedAtStart);
        report.figure("programs killed", load.programsKilled());
        report.figure("longest start ms", longestStart.toMillis());
        return report.verdict(ledger);
    }
}
