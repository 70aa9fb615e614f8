package org.tawnymail.base.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;

/** What qmail-showctl prints, whole, in text files beside this class; HOME stands for the home directory. */
class QmailShowctlTest {

    @TempDir
    private Path home;

    private Path control;

    @BeforeEach
    void anEmptyHome() throws IOException {
        control = Files.createDirectory(home.resolve("control"));
    }

    @Test
    void anEmptyHomeIsAllDefaults() throws IOException {
        assertThat(shown()).isEqualTo(golden("empty"));
    }

    @Test
    void aFullHomeIsSaidFileByFile() throws IOException {
        for (ControlFile file : ControlFile.all()) {
            write(file.fileName(), file.example() + "\n");
        }
        write("concurrencylocal", "10k\n");
        write("queuelifetime", "soon\n");
        write("me", "mail.corp.example \t\nsecond line\n");
        write("locals", "# ours\nCorp.Example\n\nmail.corp.example  ");
        assertThat(shown()).isEqualTo(golden("full"));
    }

    @Test
    void aFileThatCannotBeReadIsTrouble() throws IOException {
        for (ControlFile file : ControlFile.all()) {
            Files.createDirectory(control.resolve(file.fileName()));
        }
        assertThat(shown()).isEqualTo(golden("unreadable"));
    }

    @Test
    void filesThatNothingReadsAreNamedAndUnprintableBytesAreQuestionMarks() throws IOException {
        write("rcphosts", "corp.example\n");
        write("locals~", "corp.example\n");
        write(".hidden", "x\n");
        write("two\nlines", "x\n");
        write("me", "m\u00e9\u0007.test\n");
        assertThat(shown().lines())
                .contains("me: My name is m??.test.", "defaulthost: (Default.) Default host name is m??.test.")
                .endsWith(
                        "locals~: I have no idea what this file does.",
                        "",
                        "rcphosts: I have no idea what this file does.",
                        "",
                        "two?lines: I have no idea what this file does.");
    }

    @Test
    void aDatabaseOlderThanItsTextIsNamed() throws IOException {
        write("morercpthosts", "shop.test\n");
        write("morercpthosts.cdb", "");
        Files.setLastModifiedTime(control.resolve("morercpthosts.cdb"), FileTime.fromMillis(0));
        write("tcp.smtp.cdb", "");
        assertThat(shown())
                .contains("morercpthosts.cdb: Oops! morercpthosts.cdb is older than morercpthosts.\n")
                .contains("tcp.smtp.cdb: Oops! tcp.smtp.cdb exists but tcp.smtp doesn't.\n")
                .contains("morercpthosts: \nNo rcpthosts; doesn't matter that morercpthosts has shop.test.\n");
        Files.delete(control.resolve("morercpthosts.cdb"));
        assertThat(shown()).contains("morercpthosts.cdb: Oops! morercpthosts exists but morercpthosts.cdb doesn't.\n");
    }

    @Test
    void anOpenRelayIsSaidInTheWordsOfQmail() throws IOException {
        write("openrelay", "1\n");
        assertThat(shown()).contains("rcpthosts: (Default.) SMTP clients may send messages to any recipient.\n");
    }

    @Test
    void aHomeThatIsNotThereIsNamed() {
        Path absent = home.resolve("absent");
        assertThat(run(absent, 111)).isEqualTo("Oops! Unable to chdir to " + absent + ".\n");
    }

    @Test
    void aHomeWithoutControlFilesIsNamed() throws IOException {
        Files.delete(control);
        assertThat(run(home, 111)).endsWith("group ids: 2000, 2001.\nOops! Unable to chdir to control.\n");
    }

    private String shown() {
        return run(home, 0);
    }

    private static String run(Path home, int exitCode) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Call call = new Call(
                "qmail-showctl",
                List.of(),
                Environment.empty(),
                Descriptors.none().with(1, out),
                home);
        try {
            assertThat(new QmailShowctl(new Home(home), new TestIds()).run(call))
                    .isEqualTo(exitCode);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toString(ISO_8859_1);
    }

    private String golden(String name) throws IOException {
        try (InputStream in = getClass().getResourceAsStream("showctl/" + name + ".txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), ISO_8859_1).replace("HOME", home.toString());
        }
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(control.resolve(name), content, ISO_8859_1);
    }

    private static final class TestIds implements QmailShowctl.Ids {
        @Override
        public OptionalInt user(String name) {
            return switch (name) {
                case "root" -> OptionalInt.of(0);
                case "qmails" -> OptionalInt.empty();
                default -> OptionalInt.of(1000 + name.length());
            };
        }

        @Override
        public OptionalInt group(String name) {
            return OptionalInt.of(name.equals("nofiles") ? 2000 : 2001);
        }
    }
}
