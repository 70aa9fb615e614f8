package org.tawnymail.local.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Environment;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.Ran;
import org.tawnymail.hostile.Scratch;

/** users/assign as a person writes it, and users/cdb with damaged octets. */
class HostileUsersTest {

    private static final String ASSIGN = """
            =ann:ann:1000:1000:/home/ann:::
            +ann-:ann:1000:1000:/home/ann:-::
            =bob.builder:bob:1001:100:/home/bob:-:builder:
            +:alias:7790:2108:/var/qmail/alias:-::
            .
            """;

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyAssignFileIsCompiledOrRefusedAndGivesUsersOrAReport() throws Exception {
        Home home = home();
        HostileInputs.of("users/assign")
                .pieces(
                        "=ann",
                        "+ann-",
                        ":",
                        "ann:1000:1000:/home/ann:::",
                        ":-:ext:",
                        "\n",
                        ".\n",
                        "+:",
                        "\0",
                        "=:",
                        "4294967295",
                        "-1")
                .samples(ASSIGN)
                .each((input, random) -> {
                    Files.write(home.users().resolve("assign"), input);
                    Ran ran = Ran.of(new QmailNewu(home), List.of(), Environment.empty(), Ran.nothing(), directory);
                    assertThat(ran.code()).as(ran.err()).isIn(0, 111);
                    assertThat(home.users().resolve("cdb.tmp")).doesNotExist();
                    if (ran.code() == 0) {
                        lookUp(home, Octets.text(input));
                    } else {
                        assertThat(ran.err()).startsWith("qmail-newu: fatal: ");
                    }
                });
    }

    @Test
    void everyDamagedDatabaseGivesUsersOrAReport() throws Exception {
        Home home = home();
        Files.writeString(home.users().resolve("assign"), ASSIGN);
        assertThat(Ran.of(new QmailNewu(home), List.of(), Environment.empty(), Ran.nothing(), directory)
                        .code())
                .isZero();
        HostileInputs.of("users/cdb")
                .sample(Files.readAllBytes(home.users().resolve("cdb")))
                .each((input, random) -> {
                    Files.write(home.users().resolve("cdb"), input);
                    lookUp(home, "bob.builder");
                });
    }

    private Home home() throws Exception {
        Files.createDirectories(directory.resolve("users"));
        return new Home(directory);
    }

    private static void lookUp(Home home, String name) {
        UserLookup users = new UserLookup(new UsersDatabase(home), new PasswdLookup(account -> Optional.empty()));
        String local = name.substring(0, Math.min(name.length(), 1002));
        for (String address : new String[] {"ann", "ANN-list-owner", "nobody", "", local}) {
            try {
                LocalUser user = users.find(address);
                assertThat(user.name()).doesNotContain("\0");
                assertThat(user.ext()).doesNotContain("\0");
            } catch (LookupFailure failure) {
                assertThat(failure.exitCode()).isBetween(1, 255);
            }
        }
    }
}
