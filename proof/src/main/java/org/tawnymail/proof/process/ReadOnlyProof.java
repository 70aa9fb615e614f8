package org.tawnymail.proof.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.harness.ProcessFigures;
import org.tawnymail.harness.ServeProcess;
import org.tawnymail.proof.process.ShellPrograms.Kind;

/**
 * A disk that breaks under a running server: the kernel makes the file system read-only, and forgets what was not forced. From
 * then on the server refuses mail for the time being and says why in one line, without toil. When the file system has
 * been checked and mounted again and the server started again, everything that was acknowledged is there.
 */
final class ReadOnlyProof {

    private static final int DISK_MEGABYTES = 96;
    private static final int SESSIONS = 4;
    private static final int USUAL_SIZE = 5000;
    private static final int LARGE_SIZE = 200_000;
    private static final int SHORTEST_LOAD_MILLIS = 200;
    private static final int LONGEST_LOAD_MILLIS = 1500;
    private static final int REFUSALS_OF_A_SESSION = 20;

    /** Why the journal is broken, and perhaps what a large message or a file that was to go met before that. */
    private static final int MOST_LINES = 3;

    private static final Duration IDLE = Duration.ofSeconds(3);

    /** A tenth of one processor; a loop would take all of it. */
    private static final Duration MOST_TOIL = IDLE.dividedBy(10);

    private final Stage stage;
    private final Report report;
    private final SplittableRandom random;
    private Duration mostToil = Duration.ZERO;

    private ReadOnlyProof(Stage stage, Report report, long seed) {
        this.stage = stage;
        this.report = report;
        this.random = new SplittableRandom(seed);
    }

    /** @return whether nothing was lost, and all was said clearly */
    static boolean run(Path bin, int rounds, long seed, Report report) throws IOException, InterruptedException {
        try (Stage stage = Stage.make(bin, DISK_MEGABYTES)) {
            if (!stage.disk().canTurnReadOnly()) {
                throw new Complaint(
                        ExitCode.TEMPORARY, "tawny: fatal: /sys/fs/ext4 has no way here to break a file system");
            }
            report.line("seed " + seed);
            report.line("disk " + stage.disk().description());
            return new ReadOnlyProof(stage, report, seed).run(rounds);
        }
    }

    private boolean run(int rounds) throws IOException, InterruptedException {
        aHomeThatWasMadeAMomentAgo();
        for (int round = 0; round < rounds; round++) {
            round(round);
        }
        Ledger ledger = stage.ledger();
        report.figure("rounds", rounds);
        report.figure("CPU ms in " + IDLE.toSeconds() + " s when broken, at most", mostToil.toMillis());
        return report.verdict(ledger);
    }

    /** The first start makes a home: once it has accepted mail, the home must not be forgotten either. */
    private void aHomeThatWasMadeAMomentAgo() throws IOException, InterruptedException {
        try (ServeProcess server = stage.start()) {
            try (SmtpSession session = new SmtpSession(server.smtp())) {
                stage.send(session, stage.letter(USUAL_SIZE, FurnishedHome.MAILDIR));
            }
            stage.disk().turnReadOnly();
            server.kill();
        }
        stage.disk().mend();
        try (ServeProcess server = stage.start()) {
            EmptyQueue.await(stage.programs(), () -> server.signal("ALRM"));
        }
        stage.home().furnish(stage.port());
        stage.home().collect();
    }

    private void round(int number) throws IOException, InterruptedException {
        try (ServeProcess server = stage.start()) {
            breakUnderLoad(server);
            programsAreRefused();
            measureToil(server);
            troubleIsToldOnce(server);
            endsInOrder(server);
        }
        doesNotStart();
        report.line("round " + (number + 1) + " acknowledged " + stage.ledger().copies());
        stage.disk().mend();
        try (ServeProcess server = stage.start()) {
            stage.whileTheOtherHostAnswers(() -> EmptyQueue.await(stage.programs(), () -> server.signal("ALRM")));
        }
        stage.home().collect();
        stage.home().collectMbox();
    }

    /** It cannot note when the rest is due, and says so as its last word. */
    private void endsInOrder(ServeProcess server) throws IOException, InterruptedException {
        int code = server.stop();
        String lastWord = server.said().lines().toList().getLast();
        report.line("log: " + lastWord);
        stage.check(
                code == 111 && lastWord.startsWith("tawny: "),
                "the server with a broken disk ended with " + code + " and said " + lastWord);
    }

    /** One that cannot write does not begin to serve. */
    private void doesNotStart() throws IOException, InterruptedException {
        try (ServeProcess server = stage.launch()) {
            int code = server.awaitEnd();
            String said = server.said();
            stage.check(
                    code == 111 && said.lines().count() == 1 && said.startsWith("tawny: fatal: "),
                    "a start on a read-only disk ended with " + code + " and said " + said);
        }
    }

    private void breakUnderLoad(ServeProcess server) throws IOException, InterruptedException {
        AtomicBoolean broken = new AtomicBoolean();
        List<Thread> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            SplittableRandom own = random.split();
            sessions.add(Thread.ofVirtual().start(() -> session(server, own, broken)));
        }
        Thread.sleep(random.nextInt(SHORTEST_LOAD_MILLIS, LONGEST_LOAD_MILLIS));
        stage.disk().turnReadOnly();
        broken.set(true);
        for (Thread session : sessions) {
            session.join();
        }
    }

    /** Sends until the disk is broken, and then some more, which must be refused. */
    private void session(ServeProcess server, SplittableRandom own, AtomicBoolean broken) {
        try (SmtpSession session = new SmtpSession(server.smtp())) {
            int refused = 0;
            while (refused < REFUSALS_OF_A_SESSION) {
                boolean wasBroken = broken.get();
                int size = own.nextInt(10) == 0 ? own.nextInt(LARGE_SIZE) : own.nextInt(USUAL_SIZE);
                Answer answer = stage.send(session, stage.letter(size, recipient(own)));
                stage.check(
                        !wasBroken || answer instanceof Answer.Refused,
                        "a server with a read-only disk answers " + answer);
                refused += wasBroken ? 1 : 0;
            }
        } catch (IOException e) {
            stage.ledger().violation("a session ends because its server cannot write: " + e.getMessage());
        }
    }

    private static String recipient(SplittableRandom own) {
        return switch (own.nextInt(5)) {
            case 0 -> FurnishedHome.MBOX;
            case 1 -> FurnishedHome.PROGRAM;
            case 2 -> FurnishedHome.far(own.nextInt(10));
            default -> FurnishedHome.MAILDIR;
        };
    }

    private void programsAreRefused() throws IOException, InterruptedException {
        for (Kind kind : Kind.values()) {
            Answer answer = stage.submit(kind, stage.letter(USUAL_SIZE, FurnishedHome.MAILDIR));
            stage.check(answer instanceof Answer.Refused, kind.program() + " on a read-only disk: " + answer);
        }
    }

    private void measureToil(ServeProcess server) throws IOException, InterruptedException {
        ProcessFigures figures = new ProcessFigures(server.pid());
        Duration before = figures.cpu();
        Thread.sleep(IDLE);
        Duration toil = figures.cpu().minus(before);
        mostToil = toil.compareTo(mostToil) > 0 ? toil : mostToil;
        stage.check(
                toil.compareTo(MOST_TOIL) < 0,
                "a server that can only wait used " + toil.toMillis() + " ms of CPU in " + IDLE.toSeconds() + " s");
    }

    private void troubleIsToldOnce(ServeProcess server) throws IOException {
        List<String> lines =
                server.said().lines().filter(line -> line.startsWith("queue: ")).toList();
        for (String line : lines) {
            report.line("log: " + line);
        }
        stage.check(
                lines.stream().anyMatch(line -> line.toLowerCase(Locale.ROOT).contains("read-only file system")),
                "the log does not say why mail is refused");
        stage.check(lines.size() <= MOST_LINES, lines.size() + " lines in the log about one broken disk");
    }
}
