package org.tawnymail.proof.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.tawnymail.harness.LoopDisk;
import org.tawnymail.harness.ServeProcess;

/** A Maildir and an mbox on a disk of their own, which may be full while that of the queue is not. */
final class FullMailbox {

    private static final String TO_MAILDIR = "you-fullmaildir@tawny.test";
    private static final String TO_MBOX = "you-fullmbox@tawny.test";
    private static final int LETTERS = 10;
    private static final int SIZE = 20_000;

    private final Stage stage;
    private final Path maildir;
    private final Path mbox;

    FullMailbox(Stage stage, LoopDisk disk) {
        this.stage = stage;
        this.maildir = disk.path().resolve("Maildir");
        this.mbox = disk.path().resolve("Mbox");
    }

    void make() throws IOException {
        for (String part : List.of("", "tmp", "new", "cur")) {
            stage.home().own(Files.createDirectory(maildir.resolve(part)));
        }
        stage.home().instructions("fullmaildir", maildir + "/");
        stage.home().instructions("fullmbox", mbox.toString());
    }

    void send(ServeProcess server) throws IOException {
        try (SmtpSession session = new SmtpSession(server.smtp())) {
            for (int i = 0; i < LETTERS; i++) {
                Answer answer = stage.send(session, stage.letter(SIZE, TO_MAILDIR, TO_MBOX));
                stage.check(answer.equals(Answer.ACCEPTED), "mail is refused though its queue has room: " + answer);
            }
        }
    }

    /** Whether all deliveries have been tried and put off. */
    boolean putOff(ServeProcess server) throws IOException {
        String said = server.said();
        long maildirs = said.lines().filter(FullMailbox::isAboutMaildir).count();
        long mboxes = said.lines().filter(FullMailbox::isAboutMbox).count();
        return maildirs >= LETTERS && mboxes >= LETTERS;
    }

    /** One line of the log of each kind. */
    List<String> reasons(ServeProcess server) throws IOException {
        return Stream.concat(
                        server.said()
                                .lines()
                                .filter(FullMailbox::isAboutMaildir)
                                .limit(1),
                        server.said().lines().filter(FullMailbox::isAboutMbox).limit(1))
                .toList();
    }

    private static boolean isAboutMaildir(String line) {
        return line.startsWith("warning: no delivery to maildir") && line.contains("space");
    }

    private static boolean isAboutMbox(String line) {
        return line.contains("deferral: Unable_to_write_") && line.contains("space");
    }

    void nothingIsLeftHalf() throws IOException {
        for (String part : List.of("tmp", "new")) {
            try (Stream<Path> files = Files.list(maildir.resolve(part))) {
                files.forEach(file -> stage.ledger().violation("left on a full disk: " + file));
            }
        }
        stage.check(Files.notExists(mbox) || Files.size(mbox) == 0, "a piece is left in an mbox on a full disk");
    }

    void collect() throws IOException {
        Findings findings = new Findings(stage.ledger());
        findings.maildir(maildir);
        findings.mbox(mbox);
    }
}
