package org.tawnymail.assembly.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.control.QmailShowctl;
import org.tawnymail.base.posix.SystemError;
import org.tawnymail.base.program.Environment;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.Ran;
import org.tawnymail.hostile.Scratch;

/** A home in which one file holds anything: what root, who looks at it, is told about that. */
class HostileHomeTest {

    /** Files that check reads beside the control files. */
    private static final List<String> OTHERS =
            List.of("users/assign", "users/cdb", "users/mailboxes", "ann/.qmail", "alias/.qmail-default", "passwd");

    private static final Pattern LINE = Pattern.compile("(error|warning): [ -~]+; [ -~]+|no mistakes found in [ -~]+");

    private static final QmailShowctl.Ids NOBODY = new QmailShowctl.Ids() {
        @Override
        public OptionalInt user(String name) throws SystemError {
            return OptionalInt.empty();
        }

        @Override
        public OptionalInt group(String name) throws SystemError {
            return OptionalInt.empty();
        }
    };

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyFileOfAHomeIsLookedAtAndToldOfInWholeLines() throws Exception {
        for (String folder : List.of("control", "users", "alias", "queue", "ann/Maildir/new")) {
            Files.createDirectories(directory.resolve(folder));
        }
        Files.writeString(directory.resolve("control/me"), "mail.corp.test\n");
        Files.writeString(directory.resolve("users/assign"), "+:ann:1:1:" + directory + "/ann:-::\n.\n");
        List<ControlFile> controls = List.copyOf(ControlFile.all());
        Check check = new Check(directory, directory.resolve("passwd"));
        QmailShowctl showctl = new QmailShowctl(new Home(directory), NOBODY);
        HostileInputs.of("files of a home")
                .pieces(
                        "corp.test",
                        "corp.test:ann-shop\n",
                        ":relay:25\n",
                        "ann@corp.test",
                        "=ann:ann:1:1:/:::\n",
                        ".\n",
                        "|forward x\n",
                        "./Maildir/\n",
                        "&kim@far.test\n",
                        "+list\n",
                        ":allow,RELAYCLIENT=\"\"\n",
                        "[192.0.2.1]:628\n",
                        "/",
                        "\r\n",
                        "\u001b]0;x\u0007",
                        "#\n")
                .samples(
                        "corp.test\n.corp.test\n",
                        "120\n",
                        "shop.test:ann-shop\nsales@eu.test:bob\n.wild.test:alias-wild\n:alias-out\n",
                        "far.test:relay.test:26\n:smart\n",
                        "=ann:ann:1:1:/:::\n+ann-:ann:1:1:/:-::\n.\n",
                        "ann@corp.test:hash:/srv/ann\n",
                        "|bouncesaying 'no' test -z \"$SENDER\"\n./Maildir/\n&kim@far.test\n",
                        "ann:x:1:1::/:/bin/sh\n",
                        "127.:allow,RELAYCLIENT=\"\"\n:deny\n")
                .memory(256 << 20) // a line for each mistake
                .each((input, random) -> {
                    int chosen = random.nextInt(controls.size() + OTHERS.size());
                    Path file = directory.resolve(
                            chosen < controls.size()
                                    ? "control/" + controls.get(chosen).fileName()
                                    : OTHERS.get(chosen - controls.size()));
                    byte[] before = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
                    Files.write(file, input);
                    Ran checked =
                            Ran.of(check, List.of(directory.toString()), Environment.empty(), Ran.nothing(), directory);
                    assertThat(checked.code()).as(checked.err()).isIn(0, 1, 100);
                    assertThat(checked.err()).isEmpty();
                    assertThat(checked.out().split("\n"))
                            .allMatch(line -> LINE.matcher(line).matches());
                    Ran shown = Ran.of(showctl, List.of(), Environment.empty(), Ran.nothing(), directory);
                    assertThat(shown.code()).as(shown.err()).isZero();
                    assertThat(shown.out()).matches("[ -~\n]+");
                    if (before.length == 0) {
                        Files.delete(file);
                    } else {
                        Files.write(file, before);
                    }
                });
    }
}
