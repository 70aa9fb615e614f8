package org.tawnymail.base.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;

class ShellLineTest {

    private static final Environment ENVIRONMENT = Environment.of(Map.of(
            "EXT", "lists-news",
            "DEFAULT", "two words *",
            "HOST", "corp.example",
            "SENDER", "a\"$HOST`\\'b",
            "EXT2", "",
            "PWD", "/nowhere"));

    @Test
    void aPlainLineIsItsWords() {
        assertThat(words("forward ann@corp.example")).containsExactly("forward", "ann@corp.example");
        assertThat(words("  /var/qmail/bin/forward\t-n   a  ")).containsExactly("/var/qmail/bin/forward", "-n", "a");
        assertThat(words("forward a=b, 50%")).containsExactly("forward", "a=b,", "50%");
    }

    @Test
    void quotesAndBackslashesAreTakenOffAsTheShellDoes() {
        assertThat(words("bouncesaying 'No such user' true")).containsExactly("bouncesaying", "No such user", "true");
        assertThat(words("bouncesaying \"it's \\\"gone\\\" \\n\" a\\ b ''"))
                .containsExactly("bouncesaying", "it's \"gone\" \\n", "a b", "");
        assertThat(words("for'war'd a")).containsExactly("forward", "a");
    }

    @Test
    void variablesOfTheDeliveryAreFilledIn() {
        assertThat(words("forward \"$EXT\"@$HOST")).containsExactly("forward", "lists-news@corp.example");
        assertThat(words("forward ${EXT}x \"${DEFAULT}\" \"$EXT2\""))
                .containsExactly("forward", "lists-newsx", "two words *", "");
        assertThat(words("forward \"$SENDER\"")).containsExactly("forward", "a\"$HOST`\\'b");
        assertThat(words("forward '$EXT' \\$EXT \"\\$EXT\"")).containsExactly("forward", "$EXT", "$EXT", "$EXT");
    }

    @Test
    void whatOnlyAShellCanDoIsLeftToTheShell() {
        for (String line : new String[] {
            "",
            "   ",
            "# comment",
            "forward a # comment",
            "forward a; true",
            "forward a && b",
            "forward a | b",
            "forward a > b",
            "forward < a",
            "forward `a`",
            "forward $(a)",
            "forward \"`a`\"",
            "forward \"$(a)\"",
            "(forward a)",
            "{ forward a; }",
            "forward {a,b}",
            "forward *",
            "forward a?",
            "forward [a]",
            "forward ~",
            "forward ~ann",
            "A=b forward",
            "! forward",
            "forward 'a",
            "forward \"a",
            "forward a\\",
            "forward $",
            "forward $1",
            "forward $$",
            "forward ${EXT",
            "forward ${EXT:-x}",
            "forward ${#EXT}",
            "forward $NOTSET",
            "forward \"$NOTSET\"",
            "forward $DEFAULT",
            "forward $EXT2",
            "forward $SENDER",
            "forward \"$PWD\"",
            "$EXT a",
            "\"$EXT\" a",
            "'' a",
            "forward a\nforward b",
            "forward \u00e9",
            "forward '\u00e9'",
            "forward a^b",
            "%1",
            "exec forward a",
            "cd /tmp",
            "exit 99",
            "test -f x",
            "[ -f x ]",
            ": x",
            ". x",
            "echo x",
            "if true",
            "'echo' x",
            "\\exit 99",
            "time forward a",
        }) {
            assertThat(ShellLine.words(line, ENVIRONMENT)).as(line).isEmpty();
        }
    }

    @Test
    void aFunctionThatBashHandedDownMayBeAnyCommand() {
        Environment withFunction = ENVIRONMENT.with("BASH_FUNC_forward%%", "() { echo; }");
        assertThat(ShellLine.words("forward a", withFunction)).isEmpty();
    }

    /** Random lines of everything that means something to a shell: wherever we dare to answer, the real shell agrees. */
    @Test
    void everyAnswerIsThatOfTheRealShell() throws Exception {
        String[] pieces = {
            "a",
            "b-1",
            " ",
            " ",
            "\t",
            "'",
            "'",
            "\"",
            "\"",
            "\\",
            "$EXT",
            "${HOST}",
            "\"$DEFAULT\"",
            "$DEFAULT",
            "$SENDER",
            "\"$SENDER\"",
            "\"$EXT2\"",
            "$EXT2",
            "$",
            "{",
            "}",
            "=",
            "%",
            "@",
            ",",
            ":",
            "/",
            ".",
            "~",
            "#",
            "*",
            "?",
            "[",
            "]",
            "!",
            ";",
            "&",
            "|",
            "<",
            ">",
            "(",
            ")",
            "`",
            "^",
            "+",
            "''",
            "\"\"",
            "\\$",
            "'x y'",
            "\"x  y\"",
        };
        Random random = new Random(7);
        Map<String, List<String>> answered = new HashMap<>();
        for (int round = 0; round < 60_000; round++) {
            StringBuilder line = new StringBuilder("x ");
            // Short lines get answers; long ones find what short ones do not.
            for (int i = random.nextInt(12); i >= 0; i--) {
                line.append(pieces[random.nextInt(round % 2 == 0 ? pieces.length : 20)]);
            }
            ShellLine.words(line.toString(), ENVIRONMENT)
                    .ifPresent(words -> answered.put(line.substring(2), words.subList(1, words.size())));
        }
        assertThat(answered).hasSizeGreaterThan(1500);

        StringBuilder script = new StringBuilder();
        List<String> expected = new ArrayList<>();
        answered.forEach((line, words) -> {
            // "%s\0" with no words at all prints one empty string, which the first marker keeps apart.
            script.append("printf '%s\\0' line ").append(line).append(" end\n");
            expected.add("line");
            expected.addAll(words);
            expected.add("end");
        });
        for (String shell : List.of("/bin/sh", "/bin/bash", "/bin/busybox")) {
            if (shell.equals("/bin/sh") || Files.isExecutable(Path.of(shell))) {
                assertThat(printedBy(shell, script.toString())).as(shell).isEqualTo(expected);
            }
        }
    }

    private static List<String> printedBy(String program, String script) throws IOException, InterruptedException {
        ProcessBuilder shell =
                program.endsWith("busybox") ? new ProcessBuilder(program, "sh") : new ProcessBuilder(program);
        shell.environment().clear();
        shell.environment().putAll(new HashMap<>(ENVIRONMENT.variables()));
        Process process = shell.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Thread writer = Thread.ofVirtual().start(() -> {
            try (OutputStream in = process.getOutputStream()) {
                in.write(Octets.of(script));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        String out = Octets.text(process.getInputStream().readAllBytes());
        writer.join();
        assertThat(process.waitFor()).isZero();
        return List.of(out.substring(0, out.length() - 1).split("\0", -1));
    }

    private static List<String> words(String line) {
        return ShellLine.words(line, ENVIRONMENT).orElseThrow();
    }
}
