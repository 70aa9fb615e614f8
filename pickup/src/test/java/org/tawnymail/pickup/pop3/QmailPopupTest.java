package org.tawnymail.pickup.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Timed;
import org.tawnymail.pickup.Dialogue;
import org.tawnymail.pickup.ProgramsInside;

class QmailPopupTest {

    private static final InstantSource NEW_YEAR = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    private Path directory;

    private final QmailPopup popup = new QmailPopup(
            new ProgramsInside()
                    .with("showing", QmailPopupTest::show)
                    .with("refusing", call -> 1)
                    .with("troubled", call -> 111)
                    .with("accepting", call -> 0),
            NEW_YEAR);

    @ParameterizedTest
    @ValueSource(strings = {"popup-login", "popup-errors", "popup-apop", "popup-ahead"})
    void itTalksAsWritten(String dialogue) throws IOException {
        Dialogue.Result result = Dialogue.of(getClass(), dialogue + ".txt")
                .with(popup, directory, "mail.corp.example", "showing", "Maildir");
        assertThat(result).isEqualTo(new Dialogue.Result(1, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "refusing, -ERR authorization failed",
        "troubled, -ERR authorization failed",
        "crashing, '-ERR aack, child crashed'",
        "missing, -ERR authorization failed",
    })
    void aSubprogramThatDoesNotAcceptEndsTheConnection(String subprogram, String answer) throws IOException {
        Dialogue.Result result = Dialogue.of(
                        "S: +OK <4711.1767225600@h>", "C: USER a", "S: +OK ", "C: PASS b", "S: " + answer)
                .with(popup, directory, "h", subprogram);
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void afterASuccessfulSessionItSaysNothingMore() throws IOException {
        Dialogue.of("S: +OK <4711.1767225600@h>", "C: USER a", "S: +OK ", "C: PASS b")
                .with(popup, directory, "h", "accepting");
    }

    @Test
    void withoutASubprogramItSaysHowItIsCalled() throws IOException {
        Dialogue.Result result =
                Dialogue.of("S: -ERR usage: popup hostname subprogram").with(popup, directory, "h");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void aNulEndsWhatIsVisibleOfALine() throws IOException {
        Dialogue.of(
                        "S: +OK <4711.1767225600@h>",
                        "C: USER kim\0root",
                        "S: +OK ",
                        "C: PASS a\0b\0c",
                        "S: [kim] [a] [<4711.1767225600@h>] ")
                .with(popup, directory, "h", "showing");
    }

    @Test
    void aLineLongerThanAnyCommandIsNone() throws IOException {
        Dialogue.of(
                        "S: +OK <4711.1767225600@h>",
                        "C: USER " + "x".repeat(100_000),
                        "S: -ERR authorization first",
                        "C: QUIT",
                        "S: +OK ")
                .with(popup, directory, "h", "showing");
    }

    @Test
    void aLineWithoutEndEndsTheSession() throws IOException {
        Dialogue.of("S: +OK <4711.1767225600@h>", "C: USER " + "x".repeat(2_000_000))
                .with(popup, directory, "h", "showing");
    }

    @Test
    void aStrangerCannotTalkForEverWithoutLoggingIn() throws IOException {
        List<String> lines = new ArrayList<>(List.of("S: +OK <4711.1767225600@h>"));
        for (int i = 0; i < QmailPopup.MOST_COMMANDS; i++) {
            lines.addAll(List.of("C: NOOP", "S: +OK "));
        }
        Dialogue.of(lines.toArray(String[]::new)).with(popup, directory, "h", "showing");
    }

    @Test
    void aSilentClientIsLeftAfterTwentyMinutesWithoutAWord() throws IOException {
        SilentInput silent = new SilentInput();
        Descriptors descriptors = Descriptors.none().with(0, silent).with(1, OutputStream.nullOutputStream());
        Call call = new Call("qmail-popup", List.of("h", "showing"), Environment.empty(), descriptors, directory);
        assertThat(popup.run(call)).isEqualTo(1);
        assertThat(silent.limit).isEqualTo(Duration.ofMinutes(20));
    }

    private static final class SilentInput extends InputStream implements Timed {
        private Duration limit = Duration.ZERO;

        @Override
        public int read() throws IOException {
            throw new SocketTimeoutException();
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            throw new SocketTimeoutException();
        }

        @Override
        public void timeout(Duration newLimit) {
            limit = newLimit;
        }
    }

    private static int show(Call call) throws IOException {
        String[] fields = Octets.text(call.descriptors().in(3).readAllBytes()).split("\0", -1);
        assertThat(fields).hasSize(4);
        StringBuilder answer = new StringBuilder();
        answer.append(
                "[%s] [%s] [%s] %s\r\n".formatted(fields[0], fields[1], fields[2], String.join(" ", call.arguments())));
        BufferedReader rest = new BufferedReader(new InputStreamReader(call.stdin(), StandardCharsets.ISO_8859_1));
        for (String line = rest.readLine(); line != null; line = rest.readLine()) {
            answer.append("heard ").append(line).append("\r\n");
        }
        call.stdout().write(Octets.of(answer.toString()));
        return 0;
    }
}
