package org.tawnymail.pickup.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.process.OwnProgram;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;

class MaildirwatchTest {

    private static final Instant NOW = Instant.parse("2025-03-08T00:00:00Z");
    private static final String CLEAR = "\u001b[;H\u001b[;J";

    @TempDir
    private Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void aMaildir() throws IOException {
        for (String folder : List.of("tmp", "new", "cur")) {
            Files.createDirectories(home.resolve("Maildir").resolve(folder));
        }
    }

    @Test
    void whatIsNewIsShownAgainAndAgain() throws IOException {
        message("new/2", 1, "Return-Path: <>\nDelivered-To: ann@corp.example\n\nsecond\n");
        message("new/1", 2, """
                Return-Path: <pat@far.test>
                Delivered-To: ann@corp.example
                From: Pat <pat@far.test>
                Subject: lunch

                At noon?
                """);
        message("cur/3:2,S", 1, "Subject: seen\n\n");
        watch(2);
        String page = CLEAR
                + "FROM <pat@far.test> TO <ann@corp.example>\n\u001b[1mFrom: Pat <pat@far.test>\u001b[0m\nlunch/At noon?/\n\n"
                + "FROM <> TO <ann@corp.example>\nsecond/\n\n";
        assertThat(Octets.text(out.toByteArray())).isEqualTo(page + page);
    }

    @Test
    void aMessageCannotCommandTheTerminalAndShowsTwoLinesAtMost() throws IOException {
        message(
                "new/1",
                1,
                "Return-Path: <\u001b[2J>\nFrom: \u001b]0;x\u0007\nSubject: \u001bc" + "x".repeat(500) + "\n\n");
        watch(1);
        String page = Octets.text(out.toByteArray());
        assertThat(page).startsWith(CLEAR + "FROM <_[2J> TO <>\n\u001b[1mFrom: _]0;x_\u001b[0m\n/cxxx");
        assertThat(page.split("\n", -1)[2]).hasSize(158);
    }

    @Test
    void withoutAMaildirThereIsNothingToWatch() {
        assertThat(run(Environment.empty(), 1)).isEqualTo(111);
        assertThat(run(Environment.empty().with("MAILDIR", "none"), 1)).isEqualTo(111);
        assertThat(Octets.text(err.toByteArray())).isEqualTo("""
                maildirwatch: fatal: MAILDIR not set
                maildirwatch: fatal: unable to chdir to none: file does not exist
                """);
    }

    private void message(String name, int minutesAgo, String content) throws IOException {
        Path file = home.resolve("Maildir").resolve(name);
        Files.write(file, Octets.of(content));
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(Duration.ofMinutes(minutesAgo))));
    }

    private void watch(int looks) {
        run(Environment.empty().with("MAILDIR", "Maildir"), looks);
        assertThat(err.size()).isZero();
    }

    /** Looks so many times; what would be the next pause ends it, as closing the terminal does. */
    private int run(Environment environment, int looks) {
        int[] left = {looks};
        Maildirwatch program = new Maildirwatch(InstantSource.fixed(NOW), time -> {
            assertThat(time).isEqualTo(Duration.ofSeconds(30));
            if (--left[0] == 0) {
                throw new InterruptedException();
            }
        });
        Descriptors descriptors = Descriptors.none().with(1, out).with(2, err);
        int code = OwnProgram.run(program, new Call("maildirwatch", List.of(), environment, descriptors, home));
        assertThat(Thread.interrupted()).isEqualTo(left[0] == 0);
        return code;
    }
}
