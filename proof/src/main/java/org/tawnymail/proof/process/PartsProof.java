package org.tawnymail.proof.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.harness.PrivateMachine;
import org.tawnymail.proof.process.InstalledParts.Part;
import org.tawnymail.proof.process.ShellPrograms.Kind;

/**
 * The installed system killed in parts: {@code qmail-send} alone, a spawner alone, {@code tcpserver} alone, at a random moment
 * under load. The others notice, and what has ended is started again, while a spawner of before may still be at work. At the
 * end every acknowledged letter is where it should be, and whole.
 */
final class PartsProof {

    private static final int SESSIONS = 3;
    private static final int LONGEST_LOAD_MILLIS = 700;
    private static final List<Kind> SHELLS = List.of(Kind.QMAIL_QUEUE, Kind.QMAIL_INJECT);
    private static final List<Part> PARTS = List.of(Part.values());
    private static final String USER = "you";

    private final Path bin;
    private final int rounds;
    private final long seed;
    private final Report report;
    private final SplittableRandom random;
    private final Ledger ledger = new Ledger();
    private final Load load = new Load(ledger);
    private final Map<Part, Integer> kills = new EnumMap<>(Part.class);

    PartsProof(Path bin, int rounds, long seed, Report report) {
        this.bin = bin;
        this.rounds = rounds;
        this.seed = seed;
        this.report = report;
        this.random = new SplittableRandom(seed);
    }

    /** @return whether nothing was lost or torn */
    boolean run() throws IOException, InterruptedException {
        try (PrivateMachine machine = PrivateMachine.make()
                        .orElseThrow(() -> new Complaint(
                                ExitCode.TEMPORARY,
                                "tawny: fatal: only root can install a system to kill, and not in every container"));
                Scratch scratch = Scratch.make()) {
            report.line("seed " + seed);
            FurnishedHome home = install(machine);
            try (Sink sink = new Sink(0, home::sunk)) {
                home.furnish(sink.port());
                killAgainAndAgain(machine, home, scratch);
            }
        }
        return verdict();
    }

    private FurnishedHome install(PrivateMachine machine) throws IOException, InterruptedException {
        Path you = machine.directory().resolve(USER);
        String programs = machine.home() + "/bin/";
        machine.run(
                bin.resolveSibling("tawny").toString(),
                "install",
                machine.home().toString());
        machine.run(programs + "config-fast", "tawny.test");
        machine.run("useradd", "-m", "-U", "-d", you.toString(), USER);
        List<String> maildirmake = List.of(programs + "maildirmake", you + "/Maildir");
        machine.run(PrivateMachine.as(USER, maildirmake).toArray(String[]::new));
        return new FurnishedHome(machine.home(), you, new Findings(ledger));
    }

    private void killAgainAndAgain(PrivateMachine machine, FurnishedHome home, Scratch scratch)
            throws IOException, InterruptedException {
        ShellPrograms programs = new ShellPrograms(
                machine.command(List.of()), machine.home().resolve("bin"), home.path(), scratch.path());
        try (InstalledParts parts = new InstalledParts(machine, scratch.path())) {
            parts.start();
            try (Shells shells = new Shells()) {
                for (Kind kind : SHELLS) {
                    shells.start(load, programs, kind, random.split());
                }
                for (int round = 1; round <= rounds; round++) {
                    round(parts);
                    home.collect();
                }
            }
            EmptyQueue.await(programs, parts::alarm);
            int code = parts.stop();
            if (code != 0) {
                ledger.violation("the last qmail-send ended with " + code);
            }
            home.collect();
            home.collectMbox();
            home.setAside().forEach(file -> ledger.violation("set aside: " + file));
            ServerTalk talk = new ServerTalk(Set.of("queue: "), KillProof.CLIENT_KILLED);
            for (Path log : parts.logs()) {
                talk.listen(Files.readAllBytes(log));
            }
            talk.alarming().forEach(ledger::violation);
        }
    }

    private void round(InstalledParts parts) throws IOException, InterruptedException {
        Part part = PARTS.get(random.nextInt(PARTS.size()));
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> sessions = load.sessions(SESSIONS, parts.smtp(), random, enough::get);
        Thread.sleep(random.nextInt(LONGEST_LOAD_MILLIS));
        parts.kill(part);
        kills.merge(part, 1, Integer::sum);
        enough.set(true);
        for (Thread session : sessions) {
            session.join();
        }
        parts.start();
    }

    private boolean verdict() throws IOException {
        report.figure("rounds", rounds);
        for (Map.Entry<Part, Integer> kill : kills.entrySet()) {
            report.figure(kill.getKey() + " killed", kill.getValue());
        }
        report.figure("programs killed", load.programsKilled());
        return report.verdict(ledger);
    }
}
