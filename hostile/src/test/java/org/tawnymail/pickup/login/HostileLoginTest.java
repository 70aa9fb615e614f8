package org.tawnymail.pickup.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.PaperQueue;
import org.tawnymail.hostile.Ran;
import org.tawnymail.hostile.Scratch;

/** What a checker is given on descriptor 3, and the file of accounts it looks in. */
class HostileLoginTest {

    /** Few iterations: it is not the hash that is tried here. */
    private static final String ACCOUNTS = """
            # accounts
            kim@corp.test:$pbkdf2-sha256$1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA:mailboxes/kim
            ann@far.test:locked:/home/ann
            """;

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyDescriptor3IsCredentialsOrRefused() throws Exception {
        Files.createDirectories(directory.resolve("users"));
        Files.writeString(directory.resolve("users/mailboxes"), ACCOUNTS);
        Home home = new Home(directory);
        Checkmailbox checker = new Checkmailbox(
                PaperQueue.NO_COMMANDS, new MailboxAccounts(home, new Random(1)), home, new PasswordWork());
        HostileInputs.of("descriptor 3")
                .pieces("kim", "@corp.test", "\0", "secret", "<1.2@host>", "kim@corp.test\0secret\0<1.2@host>\0")
                .samples("kim@corp.test\0secret\0<1.2@host>\0")
                .each((input, random) -> {
                    Descriptors descriptors =
                            Descriptors.none().with(0, Ran.nothing()).with(3, new ByteArrayInputStream(input));
                    // Whoever is unknown is hashed all the same, which takes long: those are left to the look-up below.
                    boolean known = Octets.text(input).startsWith("kim@corp.test\0");
                    boolean whole =
                            Octets.text(input).indexOf('\0', Octets.text(input).indexOf('\0') + 1) > 0;
                    if (input.length > Credentials.LIMIT || !whole || known) {
                        Ran ran = Ran.of(checker, List.of("qmail-pop3d"), Environment.empty(), descriptors, directory);
                        assertThat(ran.code()).as(ran.err()).isIn(1, 2, 111);
                    } else {
                        assertThat(Credentials.read(new org.tawnymail.base.program.Call(
                                        "p", List.of(), Environment.empty(), descriptors, directory)))
                                .isInstanceOf(Credentials.class);
                    }
                });
    }

    @Test
    void everyAccountsFileHasTheMailboxOrNot() throws Exception {
        Files.createDirectories(directory.resolve("users"));
        MailboxAccounts accounts = new MailboxAccounts(new Home(directory), new Random(1));
        HostileInputs.of("accounts file")
                .pieces(
                        "kim@corp.test",
                        ":",
                        "$pbkdf2-sha256$",
                        "100000",
                        "$",
                        "c2FsdA",
                        "==",
                        "\n",
                        "#",
                        "mailboxes/kim",
                        "/home/ann")
                .samples(ACCOUNTS)
                .each((input, random) -> {
                    Files.write(accounts.file(), input);
                    for (String login : new String[] {"kim", "kim@corp.test", "KIM@CORP.TEST", "ann", "", "@"}) {
                        Optional<Mailbox> mailbox = accounts.find(login, Optional.of("corp.test"));
                        mailbox.ifPresent(found -> {
                            assertThat(found.home()).startsWith("/");
                            Pbkdf2Hash.parse(found.storedPassword());
                        });
                    }
                });
    }
}
