package org.tawnymail.send.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;

final class SploggerTest {

    private static final Instant NOW = Instant.parse("2026-03-07T23:04:05.000042Z");

    @TempDir
    private Path directory;

    @Test
    void aLineBecomesAMailMessageWithStampAndLocalTime() throws Throwable {
        assertThat(logged("new msg 7\n", "qmail"))
                .containsExactly("<22>Mar  8 00:04:05 qmail: 1772924645.000042 new msg 7");
    }

    @Test
    void theFirstWordSaysHowUrgentALineIs() throws Throwable {
        assertThat(logged("alert: oh no\nwarning: hm\nstatus: local 0/10\n"))
                .containsExactly(
                        "<17>Mar  8 00:04:05 splogger: 1772924645.000042 alert: oh no",
                        "<20>Mar  8 00:04:05 splogger: 1772924645.000042 warning: hm",
                        "<22>Mar  8 00:04:05 splogger: 1772924645.000042 status: local 0/10");
    }

    @Test
    void theFacilityIsANumberOfTheAdministrators() throws Throwable {
        assertThat(logged("x\n", "tag", "16").getFirst()).startsWith("<134>").endsWith(" tag: 1772924645.000042 x");
    }

    @Test
    void unprintableOctetsBecomeQuestionMarks() throws Throwable {
        assertThat(logged("a\tb\0c\u00fc\r\n").getFirst()).endsWith(" a?b?c??");
    }

    @Test
    void emptyLinesAreNotLoggedAndAnUnterminatedLastLineIsLost() throws Throwable {
        assertThat(logged("\n\none\n\ntwo")).singleElement().asString().endsWith(" one");
    }

    @Test
    void aLongLineIsSplitAndItsRestKeepsStampAndUrgency() throws Throwable {
        List<String> pieces = logged("alert: " + "a".repeat(792) + "b".repeat(799) + "c\nnext\n");
        assertThat(pieces)
                .containsExactly(
                        "<17>Mar  8 00:04:05 splogger: 1772924645.000042 alert: " + "a".repeat(792),
                        "<17>Mar  8 00:04:05 splogger: 1772924645.000042+" + "b".repeat(799),
                        "<17>Mar  8 00:04:05 splogger: 1772924645.000042+c",
                        "<22>Mar  8 00:04:05 splogger: 1772924645.000042 next");
    }

    @Test
    void aLineOfExactlyTheLimitIsOneMessage() throws Throwable {
        assertThat(logged("a".repeat(799) + "\n")).hasSize(1);
    }

    @Test
    void aDaemonThatIsNotThereLosesLinesAndNothingElse() throws Exception {
        assertThat(run(directory.resolve("nobody"), "one\ntwo\n")).isZero();
    }

    @Test
    void aDaemonThatWasStartedAnewIsFoundAgain() throws Throwable {
        Path path = directory.resolve("log");
        try (SyslogSocket syslog = new SyslogSocket(path, ZoneId.of("UTC"), "qmail", 2)) {
            try (DatagramReceiver first = new DatagramReceiver(path)) {
                syslog.send(Severity.INFO, NOW, "one");
                assertThat(first.messages()).hasSize(1);
            }
            Files.delete(path);
            syslog.send(Severity.INFO, NOW, "lost");
            try (DatagramReceiver second = new DatagramReceiver(path)) {
                syslog.send(Severity.INFO, NOW, "two");
                assertThat(second.messages()).containsExactly("<22>Mar  7 23:04:05 qmail: two");
            }
        }
    }

    private List<String> logged(String input, String... arguments) throws Throwable {
        Path path = directory.resolve("log");
        try (DatagramReceiver receiver = new DatagramReceiver(path)) {
            // A datagram socket of Linux holds about ten messages; no test here sends as many.
            assertThat(run(path, input, arguments)).isZero();
            return receiver.messages();
        }
    }

    private int run(Path socket, String input, String... arguments) throws Exception {
        Splogger splogger = new Splogger(socket, InstantSource.fixed(NOW), ZoneId.of("Europe/Berlin"));
        Descriptors descriptors = Descriptors.none().with(0, new ByteArrayInputStream(Octets.of(input)));
        return splogger.run(
                new Call("splogger", List.of(arguments), Environment.empty(), descriptors, directory.toAbsolutePath()));
    }
}
