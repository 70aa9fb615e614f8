package org.tawnymail.proof.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.harness.LoopDisk;
import org.tawnymail.harness.ServeProcess;

/**
 * A small file system with the home of a server on it, and all that a proof about that file system needs.
 *
 * @param disk a file system of its own
 * @param port the port of the other host, where nobody listens at first
 */
record Stage(Path bin, LoopDisk disk, Scratch scratch, Ledger ledger, FurnishedHome home, int port, AtomicInteger names)
        implements AutoCloseable {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    /** Something that becomes true, or does not. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** What is to be done. */
    @FunctionalInterface
    interface Errand {
        void run() throws IOException, InterruptedException;
    }

    /** @throws Complaint if there cannot be a file system of its own */
    static Stage make(Path bin, int megabytes) throws IOException, InterruptedException {
        LoopDisk disk = LoopDisk.create(megabytes);
        if (!disk.isMounted()) {
            disk.close();
            throw new Complaint(
                    ExitCode.TEMPORARY,
                    "tawny: fatal: this proof needs a file system of its own: " + disk.description());
        }
        Ledger ledger = new Ledger();
        FurnishedHome home = new FurnishedHome(disk.path().resolve("home"), new Findings(ledger));
        return new Stage(bin, disk, Scratch.make(), ledger, home, Sink.deadPort(), new AtomicInteger());
    }

    ServeProcess start() throws IOException, InterruptedException {
        ServeProcess server = launch();
        try {
            server.awaitReady();
            return server;
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    /** Starts a server and waits for nothing. */
    ServeProcess launch() throws IOException {
        return ServeProcess.launch(
                List.of(bin.resolveSibling("tawny").toString(), "serve"), Map.of(), home.path(), log());
    }

    /** What the present server prints, or the last one has printed. */
    Path log() {
        return scratch.path().resolve("log");
    }

    ShellPrograms programs() {
        return new ShellPrograms(List.of(), bin, home.path(), scratch.path());
    }

    /** Does something while the other host answers. */
    void whileTheOtherHostAnswers(Errand errand) throws IOException, InterruptedException {
        Sink sink = new Sink(port, home::sunk);
        try (sink) {
            errand.run();
        }
    }

    /** A new letter, which is entered as offered. */
    Letter letter(int size, String... recipients) {
        Letter letter = new Letter("n" + names.incrementAndGet(), size, List.of(recipients));
        ledger.offered(letter);
        return letter;
    }

    /** Hands a letter over and enters the answer. */
    Answer send(SmtpSession session, Letter letter) throws IOException {
        Answer answer = session.send(FurnishedHome.SENDER, letter);
        ledger.answered(letter, answer);
        return answer;
    }

    /** The same by a program. */
    Answer submit(ShellPrograms.Kind kind, Letter letter) throws IOException, InterruptedException {
        Answer answer = programs().submit(kind, FurnishedHome.SENDER, letter, Optional.empty());
        ledger.answered(letter, answer);
        return answer;
    }

    /** How long it took until something became true; a violation if it does not in time. */
    Duration await(String what, Duration limit, Condition condition) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begun > limit.toNanos()) {
                ledger.violation("not after " + limit.toSeconds() + " s: " + what);
                return limit;
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** What must be true now. */
    void check(boolean holds, String otherwise) {
        if (!holds) {
            ledger.violation(otherwise);
        }
    }

    @Override
    public void close() throws IOException {
        disk.close();
        scratch.close();
    }
}
