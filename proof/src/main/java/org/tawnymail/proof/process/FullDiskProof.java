package org.tawnymail.proof.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.tawnymail.harness.LoopDisk;
import org.tawnymail.harness.ServeProcess;
import org.tawnymail.proof.process.ShellPrograms.Kind;

/**
 * A disk that fills up. Mail for a host that does not answer piles up until the server refuses more: for the time being, by
 * SMTP and by program, with a line in the log and not with a thousand. What it has accepted before is delivered all the
 * same, and read. There is room again, first because a file goes, then because the other host answers: the same server accepts
 * mail again. Then a mailbox is on a disk that is full, while that of the queue is not.
 */
final class FullDiskProof {

    private static final int DISK_MEGABYTES = 96;
    private static final int MAILBOX_DISK_MEGABYTES = 24;

    /** What the mail fills, besides a ballast that is removed. */
    private static final long FOR_MAIL = 40L << 20;

    private static final int USUAL_SIZE = 12_000;
    private static final int LARGE_SIZE = 300_000;
    private static final int HELD = 50;

    /** So many refusals in a row, and the disk counts as full. */
    private static final int REFUSALS_IN_A_ROW = 20;

    private static final int MORE_REFUSALS = 300;
    private static final int MOST_LINES = 3;
    private static final int MOST_LETTERS = 100_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Stage stage;
    private final Report report;

    private FullDiskProof(Stage stage, Report report) {
        this.stage = stage;
        this.report = report;
    }

    /** @return whether nothing was lost, and all was said clearly */
    static boolean run(Path bin, Report report) throws IOException, InterruptedException {
        try (Stage stage = Stage.make(bin, DISK_MEGABYTES);
                LoopDisk mailboxDisk = LoopDisk.create(MAILBOX_DISK_MEGABYTES)) {
            report.line("disk " + stage.disk().description());
            return new FullDiskProof(stage, report).run(mailboxDisk);
        }
    }

    private boolean run(LoopDisk mailboxDisk) throws IOException, InterruptedException {
        try (ServeProcess server = stage.start()) {
            stage.home().furnish(stage.port());
            sendHeld(server);
            Ballast ballast = new Ballast(stage.disk());
            ballast.leave(FOR_MAIL);
            report.figure("letters until the disk was full", fill(server, USUAL_SIZE) + fill(server, LARGE_SIZE));
            report.figure("kB left for deliveries", stage.disk().room() >> 10);
            programsAreRefused();
            refusalsAreToldOnce(server);
            heldIsDelivered(server);
            mailIsRead(server);
            ballast.remove();
            report.figure(
                    "ms until accepted after a file went", untilAccepted(server).toMillis());
            report.figure("letters until it was full again", fill(server, USUAL_SIZE) + fill(server, LARGE_SIZE));
            stage.whileTheOtherHostAnswers(() -> {
                server.signal("ALRM");
                report.figure(
                        "ms until accepted after the host answered",
                        untilAccepted(server).toMillis());
                EmptyQueue.await(stage.programs(), () -> server.signal("ALRM"));
            });
            fullMailbox(server, mailboxDisk);
            int code = server.stop();
            stage.check(code == 0, "the server ended with " + code);
        }
        stage.home().collect();
        stage.home().collectMbox();
        Ledger ledger = stage.ledger();
        stage.check(ledger.pieces() == 0, "pieces of a letter stand in an mbox, which could have been cut back");
        return report.verdict(ledger);
    }

    /** Mail that is accepted now and put off until the disk is full. */
    private void sendHeld(ServeProcess server) throws IOException {
        try (SmtpSession session = new SmtpSession(server.smtp())) {
            for (int i = 0; i < HELD; i++) {
                Answer answer =
                        stage.send(session, stage.letter(i % 5 == 0 ? 100_000 : USUAL_SIZE, FurnishedHome.HELD));
                stage.check(answer.equals(Answer.ACCEPTED), "mail is refused while there is room: " + answer);
            }
        }
    }

    /** Sends until letters of a size are refused; how many were accepted. */
    private int fill(ServeProcess server, int size) throws IOException {
        int accepted = 0;
        int refused = 0;
        try (SmtpSession session = new SmtpSession(server.smtp())) {
            while (refused < REFUSALS_IN_A_ROW && accepted < MOST_LETTERS) {
                boolean taken = stage.send(session, stage.letter(size, FurnishedHome.far(accepted)))
                        .equals(Answer.ACCEPTED);
                accepted += taken ? 1 : 0;
                refused = taken ? 0 : refused + 1;
            }
        }
        stage.check(accepted < MOST_LETTERS, "the disk does not get full");
        return accepted;
    }

    private void programsAreRefused() throws IOException, InterruptedException {
        for (Kind kind : Kind.values()) {
            Answer answer = stage.submit(kind, stage.letter(USUAL_SIZE, FurnishedHome.MAILDIR));
            report.line(kind.program() + " on a full disk: " + answer);
            stage.check(answer instanceof Answer.Refused, kind.program() + " is not refused on a full disk: " + answer);
        }
    }

    /** The log has a line or two about it, however often mail is refused. */
    private void refusalsAreToldOnce(ServeProcess server) throws IOException {
        try (SmtpSession session = new SmtpSession(server.smtp())) {
            for (int i = 0; i < MORE_REFUSALS; i++) {
                stage.send(session, stage.letter(i % 2 == 0 ? USUAL_SIZE : LARGE_SIZE, FurnishedHome.MAILDIR));
            }
        }
        List<String> lines = linesOfQueue(server);
        for (String line : lines) {
            report.line("log: " + line);
        }
        stage.check(!lines.isEmpty(), "the log does not say that the disk is full");
        stage.check(lines.size() <= MOST_LINES, lines.size() + " lines in the log about one full disk");
    }

    private static List<String> linesOfQueue(ServeProcess server) throws IOException {
        return server.said().lines().filter(line -> line.startsWith("queue: ")).toList();
    }

    private void heldIsDelivered(ServeProcess server) throws IOException, InterruptedException {
        int before = stage.home().delivered();
        stage.home().open();
        server.signal("ALRM");
        stage.await(
                "mail that was accepted before is delivered on a full disk",
                LIMIT,
                () -> stage.home().delivered() >= before + HELD);
    }

    /** What arrived in the present second is left to a later session (core spec, section 10.3). */
    private void mailIsRead(ServeProcess server) throws IOException, InterruptedException {
        stage.await("POP3 shows what was delivered", LIMIT, () -> {
            try (Pop3Session session = new Pop3Session(server.pop3(), server.recipient(), server.password())) {
                if (session.count() < HELD) {
                    return false;
                }
                stage.check(Letter.read(session.read(1)) instanceof Letter.Reading.Whole, "POP3 reads no whole letter");
                return true;
            }
        });
    }

    private Duration untilAccepted(ServeProcess server) throws IOException, InterruptedException {
        return stage.await("mail is accepted again without a restart", LIMIT, () -> {
            try (SmtpSession session = new SmtpSession(server.smtp())) {
                return stage.send(session, stage.letter(USUAL_SIZE, FurnishedHome.MAILDIR))
                                .equals(Answer.ACCEPTED)
                        && stage.send(session, stage.letter(LARGE_SIZE, FurnishedHome.MAILDIR))
                                .equals(Answer.ACCEPTED);
            }
        });
    }

    /** Maildir and mbox on a full disk: put off with a clear line, delivered when there is room. */
    private void fullMailbox(ServeProcess server, LoopDisk mailboxDisk) throws IOException, InterruptedException {
        FullMailbox mailbox = new FullMailbox(stage, mailboxDisk);
        mailbox.make();
        Ballast ballast = new Ballast(mailboxDisk);
        ballast.leave(0);
        mailbox.send(server);
        stage.await("deliveries to a full disk are put off", LIMIT, () -> mailbox.putOff(server));
        mailbox.nothingIsLeftHalf();
        ballast.remove();
        EmptyQueue.await(stage.programs(), () -> server.signal("ALRM"));
        mailbox.collect();
        for (String line : mailbox.reasons(server)) {
            report.line("log: " + line);
        }
    }
}
