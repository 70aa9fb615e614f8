package org.tawnymail.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;

/** predate, datemail and mailsubj (core spec, section 11.3). */
class SendingToolsTest {

    private static final InstantSource SEVENTH_OF_MARCH = InstantSource.fixed(Instant.parse("2025-03-07T09:04:05Z"));

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private RecordedCommands commands = RecordedCommands.thatExit(0);
    private Environment environment = Environment.empty();

    @Test
    void predatePutsTheLocalDateInFrontOfTheInput() throws IOException {
        assertThat(run(predate(), "cat", "-n")).isZero();
        assertThat(theCall().name()).isEqualTo("cat");
        assertThat(theCall().arguments()).containsExactly("-n");
        assertThat(commands.inputs).containsExactly("Date: 7 Mar 2025 10:04:05 +0100\nhello\n");
    }

    @Test
    void predateFollowsTheCallersZone() throws IOException {
        environment = environment.with("TZ", ":America/New_York");
        run(predate(), "cat");
        assertThat(commands.inputs).containsExactly("Date: 7 Mar 2025 04:04:05 -0500\nhello\n");
    }

    @Test
    void aZoneThatIsNoNameLeavesTheMachinesOwn() throws IOException {
        environment = environment.with("TZ", "GMT+1");
        run(predate(), "cat");
        assertThat(commands.inputs).containsExactly("Date: 7 Mar 2025 10:04:05 +0100\nhello\n");
    }

    @Test
    void predateEndsAsItsChildEnds() throws IOException {
        commands = RecordedCommands.thatExit(99);
        assertThat(run(predate(), "cat")).isEqualTo(99);
    }

    @Test
    void predateNeedsAChildThatRuns() throws IOException {
        assertThat(run(predate())).isEqualTo(100);
        commands = RecordedCommands.thatCannotRun();
        assertThat(run(predate(), "absent")).isEqualTo(111);
        assertThat(Octets.text(err.toByteArray())).isEqualTo("""
                        predate: usage: predate child
                        predate: fatal: unable to run absent: file does not exist
                        """);
    }

    @Test
    void datemailIsSendmailWithALocalDate() throws IOException {
        run(new Datemail(new Home(directory), predate()), "-t", "bob");
        assertThat(theCall().name()).isEqualTo("sendmail");
        assertThat(theCall().arguments()).containsExactly("-t", "bob");
        assertThat(commands.inputs).containsExactly("Date: 7 Mar 2025 10:04:05 +0100\nhello\n");
    }

    @Test
    void mailsubjWritesSubjectAndRecipients() throws IOException {
        assertThat(run(mailsubj(), "a subject", "bob", "carl@x.test")).isZero();
        assertThat(theCall().name()).isEqualTo("qmail-inject");
        assertThat(theCall().arguments()).isEmpty();
        assertThat(commands.inputs).containsExactly("Subject: a subject\nTo: bob carl@x.test\n\nhello\n");
    }

    @Test
    void aSubjectCannotAddFields() throws IOException {
        run(mailsubj(), "a\nBcc: x@y.test", "bob\r\nBcc: carl");
        assertThat(commands.inputs).containsExactly("Subject: a Bcc: x@y.test\nTo: bob  Bcc: carl\n\nhello\n");
    }

    @Test
    void mailsubjNeedsARecipient() throws IOException {
        assertThat(run(mailsubj(), "a subject")).isEqualTo(100);
        assertThat(commands.calls).isEmpty();
        assertThat(Octets.text(err.toByteArray())).isEqualTo("mailsubj: usage: mailsubj subject recip ...\n");
    }

    @Test
    void mailsubjSaysThatQmailInjectDidNotRun() throws IOException {
        commands = RecordedCommands.thatCannotRun();
        assertThat(run(mailsubj(), "a", "bob")).isEqualTo(111);
        assertThat(Octets.text(err.toByteArray())).isEqualTo("mailsubj: fatal: unable to run qmail-inject\n");
    }

    private Predate predate() {
        return new Predate(commands, SEVENTH_OF_MARCH, ZoneId.of("Europe/Berlin"));
    }

    private Mailsubj mailsubj() {
        return new Mailsubj(new Home(directory), commands);
    }

    private int run(Program program, String... arguments) throws IOException {
        Descriptors descriptors = Descriptors.none()
                .with(0, new ByteArrayInputStream(Octets.of("hello\n")))
                .with(2, err);
        Call call = new Call("x", List.of(arguments), environment, descriptors, directory);
        try {
            return program.run(call);
        } catch (Complaint complaint) {
            call.complain(complaint.line());
            return complaint.exitCode();
        }
    }

    private Call theCall() {
        assertThat(commands.calls).hasSize(1);
        return commands.calls.getFirst();
    }
}
