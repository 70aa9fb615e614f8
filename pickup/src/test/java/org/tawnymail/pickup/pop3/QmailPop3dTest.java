package org.tawnymail.pickup.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Program;
import org.tawnymail.pickup.Dialogue;

class QmailPop3dTest {

    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00.5Z");
    private static final Program POP3D = new QmailPop3d(InstantSource.fixed(NOW), () -> 1050);

    @TempDir
    private Path home;

    private Path maildir;

    @BeforeEach
    void threeMessages() throws IOException {
        maildir = home.resolve("Maildir");
        for (String folder : List.of("tmp", "new", "cur")) {
            Files.createDirectories(maildir.resolve(folder));
        }
        message("cur/1002.3.mail:2,S", NOW.minusSeconds(10), "Subject: no body at all\n");
        message(
                "new/1000.1.mail",
                NOW.minusSeconds(60),
                "Return-Path: <pat@far.test>\nDelivered-To: kim@corp.example\nSubject: hi\n\none\ntwo\n");
        message(
                "new/1001.2.mail",
                NOW.minusSeconds(30),
                "Subject: dots\n\n.\n.x\n..y\na.b\n\nlast lines without a line end");
    }

    @Test
    void itTalksAsWrittenAndMarksWhatWasNewAsOld() throws IOException {
        Dialogue.Result result = hold("pop3d-session");
        assertThat(result).isEqualTo(new Dialogue.Result(0, ""));
        assertThat(names("new")).isEmpty();
        assertThat(names("cur")).containsExactly("1000.1.mail:2,", "1001.2.mail:2,", "1002.3.mail:2,S");
    }

    @Test
    void quitRemovesWhatIsDeleted() throws IOException {
        hold("pop3d-deleting");
        assertThat(names("new")).isEmpty();
        assertThat(names("cur")).containsExactly("1002.3.mail:2,S");
    }

    @Test
    void commandsSentAheadAreAnsweredInOneGo() throws IOException {
        hold("pop3d-ahead");
        assertThat(names("cur")).containsExactly("1001.2.mail:2,", "1002.3.mail:2,S");
    }

    @Test
    void withoutQuitNothingChanges() throws IOException {
        talk("S: +OK ", "C: DELE 1", "S: +OK ");
        assertThat(names("new")).containsExactly("1000.1.mail", "1001.2.mail");
        assertThat(names("cur")).containsExactly("1002.3.mail:2,S");
    }

    @Test
    void aMessageThatAnotherSessionRemovedIsMissed() throws IOException {
        Dialogue dialogue = Dialogue.of(
                "S: +OK ",
                "C: RETR 2",
                "S: -ERR unable to open that message",
                "C: DELE 2",
                "S: +OK ",
                "C: QUIT",
                "S: -ERR unable to unlink all deleted messages",
                "S: +OK ");
        dialogue.before("RETR 2", () -> Files.delete(maildir.resolve("new/1001.2.mail")))
                .with(POP3D, home, "Maildir");
        assertThat(names("new")).isEmpty();
    }

    @Test
    void rootIsRefusedBeforeAnythingElse() throws IOException {
        Dialogue.Result result = Dialogue.of().with(new QmailPop3d(InstantSource.fixed(NOW), () -> 0), home);
        assertThat(result).isEqualTo(new Dialogue.Result(1, "qmail-pop3d invoked as uid 0, terminating\n"));
    }

    @Test
    void whoHasNoMaildirIsToldSo() throws IOException {
        String answer = "S: -ERR this user has no $HOME/Maildir";
        assertThat(Dialogue.of(answer).with(POP3D, home).exitCode()).isZero();
        assertThat(Dialogue.of(answer).with(POP3D, home, "Mailbox").exitCode()).isZero();
        assertThat(Dialogue.of(answer)
                        .with(POP3D, home, "Maildir/new/1000.1.mail")
                        .exitCode())
                .isZero();
    }

    @Test
    void aMaildirWithoutNewCannotBeScanned() throws IOException {
        Files.createDirectories(home.resolve("half/cur"));
        Dialogue.Result result =
                Dialogue.of("S: -ERR unable to scan $HOME/Maildir").with(POP3D, home, "half");
        assertThat(result.exitCode()).isZero();
        assertThat(result.complaints()).contains(home.resolve("half").toString());
    }

    @Test
    void filesOfThisSecondHiddenFilesAndDirectoriesAreNoMessagesYet() throws IOException {
        message("new/1003.4.mail", NOW.minusMillis(400), "too young\n");
        message("new/.hidden", NOW.minusSeconds(90), "hidden\n");
        Files.createDirectory(maildir.resolve("new/directory"));
        message("new/1003.5.mail", NOW.minusMillis(600), "of the second before\n");
        talk("S: +OK ", "C: UIDL 4", "S: +OK 4 1003.5.mail", "C: LIST 5", "S: -ERR not that many messages");
    }

    @Test
    void messagesOfOneSecondStandInTheirOrder() throws IOException {
        Instant second = NOW.minusSeconds(5).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        message("new/b", second.plusMillis(20), "");
        message("new/c", second.plusMillis(10), "");
        message("cur/a:2,S", second.plusMillis(30), "");
        talk("S: +OK ", "C: UIDL 4", "S: +OK 4 c", "C: UIDL 5", "S: +OK 5 b", "C: UIDL 6", "S: +OK 6 a");
    }

    @Test
    void anEmptyMaildirIsServed() throws IOException {
        for (String file : List.of("new/1000.1.mail", "new/1001.2.mail", "cur/1002.3.mail:2,S")) {
            Files.delete(maildir.resolve(file));
        }
        talk("S: +OK ", "C: STAT", "S: +OK 0 0", "C: LIST", "S: +OK ", "S: .", "C: QUIT", "S: +OK ");
    }

    @Test
    void abandonedDeliveriesAreRemovedAfterADayAndAHalf() throws IOException {
        message("tmp/old", NOW.minusSeconds(36 * 3600 + 1), "x");
        message("tmp/young", NOW.minusSeconds(36 * 3600 - 1), "x");
        message("tmp/.old", NOW.minusSeconds(36 * 3600 + 1), "x");
        talk("S: +OK ");
        assertThat(names("tmp")).containsExactly(".old", "young");
    }

    @Test
    void aNameThatIsNoPlainTextIsReadableAndHasAPlainId() throws IOException {
        message("new/a b", NOW.minusSeconds(90), "Subject: odd\n");
        talk(
                "S: +OK ",
                "C: UIDL 1",
                "S: +OK 1 a%20b",
                "C: RETR 1",
                "S: +OK ",
                "S: Subject: odd",
                "S: ",
                "S: .",
                "C: DELE 1",
                "S: +OK ",
                "C: QUIT",
                "S: +OK ");
        assertThat(names("new")).isEmpty();
    }

    @Test
    void aMessageInCurIsNeverReplaced() throws IOException {
        message("cur/1000.1.mail:2,", NOW.minusSeconds(70), "another\n");
        talk("S: +OK ", "C: QUIT", "S: +OK ");
        assertThat(names("new")).containsExactly("1000.1.mail");
        assertThat(maildir.resolve("cur/1000.1.mail:2,")).hasContent("another\n");
    }

    private Dialogue.Result hold(String file) throws IOException {
        return Dialogue.of(getClass(), file + ".txt").with(POP3D, home, "Maildir");
    }

    private void talk(String... lines) throws IOException {
        assertThat(Dialogue.of(lines).with(POP3D, home, "Maildir")).isEqualTo(new Dialogue.Result(0, ""));
    }

    private List<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(maildir.resolve(folder))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private void message(String name, Instant time, String text) throws IOException {
        Path file = maildir.resolve(name);
        Files.write(file, Octets.of(text));
        FileTime stamp = FileTime.from(time);
        Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(stamp, stamp, null);
    }
}
