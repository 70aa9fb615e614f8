package org.tawnymail.pickup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.process.ProgramCommands;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.ProgramTable;
import org.tawnymail.pickup.login.Checkmailbox;
import org.tawnymail.pickup.login.MailboxAccounts;
import org.tawnymail.pickup.login.PasswordWork;
import org.tawnymail.pickup.pop3.QmailPop3d;
import org.tawnymail.pickup.pop3.QmailPopup;

/** qmail-popup, a checker and qmail-pop3d together, with commands as the server runs them. */
@Timeout(60)
class WholeChainTest {

    private static final InstantSource NEW_YEAR = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private static final String GREETING = "+OK <4711.1767225600@mail.corp.test>\r\n";
    private static final String LOGIN = "USER kim\r\nPASS open sesame\r\n";

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private Program popup = call -> 1;

    @BeforeEach
    void aMailboxWithOneMessage() throws Exception {
        Home home = new Home(directory);
        MailboxAccounts accounts = new MailboxAccounts(home, new SecureRandom());
        accounts.add("kim@corp.test", "open sesame", "mailboxes/kim");
        Path maildir = directory.resolve("mailboxes/kim/Maildir");
        for (String folder : List.of("tmp", "new", "cur")) {
            Files.createDirectories(maildir.resolve(folder));
        }
        Path message = Files.writeString(maildir.resolve("new/1000.1.mail"), "Subject: hi\n\nthere\n");
        Files.setLastModifiedTime(message, FileTime.from(NEW_YEAR.instant().minusSeconds(1)));
        Programs programs = new Programs();
        Commands commands = new ProgramCommands(programs, directory.resolve("bin"));
        programs.byName = Map.of(
                "checkmailbox", new Checkmailbox(commands, accounts, home, new PasswordWork()),
                "qmail-pop3d", new QmailPop3d(NEW_YEAR, () -> 1050));
        popup = new QmailPopup(commands, NEW_YEAR);
    }

    @Test
    void thePersonWithThePasswordReadsTheMail() throws IOException {
        talk(LOGIN + "RETR 1\r\nDELE 1\r\nQUIT\r\n", "checkmailbox", "qmail-pop3d", "Maildir");
        assertThat(heard())
                .isEqualTo(GREETING + "+OK \r\n+OK \r\n+OK \r\nSubject: hi\r\n\r\nthere\r\n\r\n.\r\n+OK \r\n+OK \r\n");
        assertThat(directory.resolve("mailboxes/kim/Maildir/new")).isEmptyDirectory();
    }

    @Test
    void thePersonWithoutDoesNot() throws IOException {
        talk("USER kim\r\nPASS guess\r\nSTAT\r\n", "checkmailbox", "qmail-pop3d", "Maildir");
        assertThat(heard()).isEqualTo(GREETING + "+OK \r\n-ERR authorization failed\r\n");
    }

    @Test
    void anOutsideCheckerReadsARealDescriptor3AndHasTheConnection() throws IOException {
        String checker = script("tr '\\000' '|' <&3; read command; echo \"; heard $command\"");
        talk(LOGIN + "STAT\r\n", checker, "whatever");
        assertThat(heard())
                .isEqualTo(GREETING + "+OK \r\nkim|open sesame|<4711.1767225600@mail.corp.test>|; heard STAT\r\n");
    }

    @Test
    void whatACheckerSaysOnDescriptor2IsNotForTheClient() throws IOException {
        talk(LOGIN, script("echo 'kim: no such key' >&2; exit 1"));
        assertThat(heard()).isEqualTo(GREETING + "+OK \r\n-ERR authorization failed\r\n");
        assertThat(Octets.text(logged.toByteArray())).isEqualTo("kim: no such key\n");
    }

    @Test
    void anOutsideCheckerThatRefusesOrDiesIsNotMistakenForOneThatAccepts() throws IOException {
        talk(LOGIN, script("exit 1"));
        talk(LOGIN, script("kill -9 $$"));
        assertThat(heard())
                .isEqualTo(GREETING + "+OK \r\n-ERR authorization failed\r\n" + GREETING
                        + "+OK \r\n-ERR aack, child crashed\r\n");
    }

    private void talk(String said, String... subprogram) throws IOException {
        Descriptors descriptors = Descriptors.none()
                .with(0, new ByteArrayInputStream(Octets.of(said)))
                .with(1, heard)
                .with(2, logged);
        List<String> arguments = new ArrayList<>(List.of("mail.corp.test"));
        arguments.addAll(List.of(subprogram));
        Environment environment = Environment.empty().with("PATH", "/usr/bin:/bin");
        int exitCode = popup.run(new Call("qmail-popup", arguments, environment, descriptors, directory, 4711));
        assertThat(exitCode).isEqualTo(1);
    }

    private String heard() {
        return Octets.text(heard.toByteArray());
    }

    private String script(String commands) throws IOException {
        Path script = Files.createTempFile(directory, "checker", "");
        Files.writeString(script, "#!/bin/sh\n" + commands + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script.toString();
    }

    /** A table that is filled after the commands that need it were made. */
    private static final class Programs implements ProgramTable {

        private Map<String, Program> byName = Map.of();

        @Override
        public Optional<Program> find(String name) {
            return Optional.ofNullable(byName.get(name));
        }

        @Override
        public Set<String> names() {
            return byName.keySet();
        }
    }
}
