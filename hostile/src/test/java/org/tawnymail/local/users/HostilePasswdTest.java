package org.tawnymail.local.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Environment;
import org.tawnymail.hostile.Connection;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.Ran;
import org.tawnymail.hostile.Scratch;

/** Lines of passwd(5) and the files beside users/assign, out of which qmail-pw2u makes it. */
class HostilePasswdTest {

    private static final List<String> FILES = List.of("include", "exclude", "mailnames", "subusers", "append");

    private static final String PASSWD = """
            root:x:0:0:root:/root:/bin/sh
            alias:x:7790:2108::/var/qmail/alias:/bin/true
            ann:x:1000:1000:Ann,,,:/home/ann:/bin/sh
            Bob:x:1001:100::/home/bob:
            """;

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyPasswdFileWithItsUserFilesIsAnAssignFileOrOneLine() throws Exception {
        Path users = Files.createDirectories(directory.resolve("users"));
        Home home = new Home(directory);
        List<List<String>> options =
                List.of(List.of("-H"), List.of(), List.of("-h"), List.of("-HuC"), List.of("-H/c+"));
        HostileInputs.of("qmail-pw2u")
                .pieces(
                        "ann",
                        "alias",
                        ":",
                        "x:1000:1000:",
                        "::/home/ann:",
                        "\n",
                        "alias:x:7790:2108::/:\n",
                        "postmaster")
                .samples(
                        PASSWD,
                        "ann:ann:annie:a.smith\nalias:\n",
                        "sales:ann:sales:\ninfo:alias:info:\n",
                        "=boss:ann:1000:1000:/home/ann:::\n",
                        "ann\nalias\n")
                .each((input, random) -> {
                    String hostile = FILES.get(random.nextInt(FILES.size()));
                    boolean passwd = random.nextInt(3) == 0;
                    if (!passwd) {
                        Files.write(users.resolve(hostile), input);
                    }
                    Ran ran = Ran.of(
                            new QmailPw2u(home),
                            options.get(random.nextInt(options.size())),
                            Environment.empty(),
                            new Connection(passwd ? input : Octets.of(PASSWD), random),
                            directory);
                    assertThat(ran.code()).as(ran.err()).isIn(0, 111);
                    if (ran.code() == 0) {
                        assertThat(ran.out()).endsWith(".\n");
                        assertCompiles(home, ran.out());
                    } else {
                        assertThat(ran.err()).startsWith("qmail-pw2u: fatal: ").endsWith("\n");
                    }
                    Files.deleteIfExists(users.resolve(hostile));
                });
    }

    /** What was made of it is for qmail-newu, which may find a line in it that was already nonsense in the passwd file. */
    private void assertCompiles(Home home, String assign) throws Exception {
        Files.write(home.users().resolve("assign"), Octets.of(assign));
        Ran ran = Ran.of(new QmailNewu(home), List.of(), Environment.empty(), Ran.nothing(), directory);
        assertThat(ran.code()).as(ran.err()).isIn(0, 111);
        if (assign.indexOf('\0') < 0
                && assign.lines().allMatch(line -> line.matches("\\.|[=+][!-9;-~]*(:[ !-9;-~]*){7}"))) {
            assertThat(ran.code()).as(ran.err()).isZero();
        }
    }
}
