package org.tawnymail.pickup.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Program;

class CheckmailboxTest {

    @TempDir
    private Path directory;

    private MailboxAccounts accounts;
    private Program checkmailbox;

    @BeforeEach
    void threeMailboxes() throws Exception {
        Home home = new Home(directory);
        Files.createDirectories(directory.resolve("control"));
        Files.createDirectories(directory.resolve("mailboxes/kim"));
        Files.writeString(directory.resolve("control/me"), "corp.test\n");
        accounts = new MailboxAccounts(home, new SecureRandom());
        accounts.add("Kim@corp.test", "open sesame ", "mailboxes/kim");
        accounts.add("kim@other.test", "of the other", "mailboxes/nowhere");
        accounts.add(
                "lee@other.test",
                "\u00fcber",
                directory.resolve("mailboxes/kim").toString());
        checkmailbox = new Checkmailbox(Knock.commands(), accounts, home, new PasswordWork());
    }

    @ParameterizedTest
    @ValueSource(strings = {"kim", "KIM@CORP.test", "Kim@corp.test"})
    void whoHasThePasswordIsLetIn(String login) throws IOException {
        Knock knock = Knock.at(checkmailbox, directory, login, "open sesame ");
        Path home = directory.resolve("mailboxes/kim");
        assertThat(knock.said())
                .isEqualTo("[Maildir] in " + home + " as {HOME=" + home
                        + ", SHELL=/bin/false, TCPREMOTEIP=192.0.2.1, USER=Kim@corp.test}");
        assertThat(knock.exitCode()).as("the exit code of the program that ran").isEqualTo(7);
        assertThat(knock.complaints()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kim", "kim@corp.test", "kim@third.test", "pat", "", "@", "kim@corp.test:", "#"})
    void whoHasNotIsSentAwayWithoutAWord(String login) throws IOException {
        assertThat(Knock.at(checkmailbox, directory, login, "open sesame"))
                .isEqualTo(new Knock(Credentials.NOT_ACCEPTED, "", ""));
        assertThat(Knock.at(checkmailbox, directory, login, "")).isEqualTo(new Knock(Credentials.NOT_ACCEPTED, "", ""));
    }

    @Test
    void aBareNameIsThatOfTheHostsDomainOrTheOnlyOne() throws IOException {
        assertThat(Knock.at(checkmailbox, directory, "lee", "\u00fcber").exitCode())
                .isEqualTo(7);
        assertThat(Knock.at(checkmailbox, directory, "kim", "of the other").exitCode())
                .isEqualTo(1);
        Files.writeString(directory.resolve("control/me"), "third.test\n");
        assertThat(Knock.at(checkmailbox, directory, "kim", "open sesame ").exitCode())
                .as("which kim?")
                .isEqualTo(1);
    }

    @Test
    void aLockedMailboxLetsNobodyIn() throws IOException {
        Files.writeString(accounts.file(), "kim@corp.test::mailboxes/kim\nlee@corp.test:!:mailboxes/kim\n");
        assertThat(Knock.at(checkmailbox, directory, "kim", "").exitCode()).isEqualTo(1);
        assertThat(Knock.at(checkmailbox, directory, "kim", "x").exitCode()).isEqualTo(1);
        assertThat(Knock.at(checkmailbox, directory, "lee", "!").exitCode()).isEqualTo(1);
    }

    @Test
    void noLineOfTheFileIsTooOddToReadOn() throws IOException {
        String good = Files.readString(accounts.file());
        Files.writeString(
                accounts.file(),
                "#kim@corp.test:x:y\n\n:::\nkim@corp.test\nkim@corp.test:x\nkim@corp.test:x:\n" + good);
        assertThat(Knock.at(checkmailbox, directory, "kim", "open sesame ").exitCode())
                .isEqualTo(7);
    }

    @Test
    void withoutTheFileTheTroubleIsTemporaryAndNamed() throws IOException {
        Files.delete(accounts.file());
        Knock knock = Knock.at(checkmailbox, directory, "kim", "open sesame ");
        assertThat(knock.exitCode()).isEqualTo(111);
        assertThat(knock.complaints())
                .startsWith("checkmailbox: fatal: unable to read " + accounts.file())
                .doesNotContain("sesame");
    }

    @Test
    void aMailboxWithoutDirectoryIsTemporaryTrouble() throws IOException {
        Knock knock = Knock.at(checkmailbox, directory, "kim@other.test", "of the other");
        assertThat(knock.exitCode()).isEqualTo(111);
        assertThat(knock.complaints())
                .contains("unable to enter the home directory of kim@other.test: "
                        + directory.resolve("mailboxes/nowhere"));
    }

    @Test
    void aProgramThatIsNotThereIsTemporaryTrouble() throws IOException {
        Knock knock = Knock.with(checkmailbox, directory, "kim\0open sesame \0\0", "nothing");
        assertThat(knock.exitCode()).isEqualTo(111);
        assertThat(knock.complaints()).contains("unable to run nothing: file does not exist");
    }

    @Test
    void wrongUseAndOverlongInputHaveTheirOwnExitCodes() throws IOException {
        assertThat(Knock.with(checkmailbox, directory, "kim\0open sesame \0").exitCode())
                .isEqualTo(2);
        assertThat(Knock.with(checkmailbox, directory, "kim", "showing").exitCode())
                .isEqualTo(2);
        assertThat(Knock.with(checkmailbox, directory, "kim\0open sesame ", "showing")
                        .exitCode())
                .isEqualTo(2);
        assertThat(Knock.with(checkmailbox, directory, "kim\0open sesame \0", "showing")
                        .exitCode())
                .as("the timestamp may be missing")
                .isEqualTo(7);
        String start = "kim\0open sesame \0";
        assertThat(Knock.with(checkmailbox, directory, start + "x".repeat(512 - start.length()), "showing")
                        .exitCode())
                .isEqualTo(7);
        assertThat(Knock.with(checkmailbox, directory, start + "x".repeat(513 - start.length()), "showing")
                        .exitCode())
                .isEqualTo(1);
    }
}
