package org.tawnymail.local.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Complaint;

class MboxTest {

    private static final String HEAD = """
            From pat@far.test Fri Mar 07 09:04:05 2025
            Return-Path: <pat@far.test>
            Delivered-To: ann@corp.example
            """;

    @TempDir
    private Path directory;

    private final List<String> log = new ArrayList<>();
    private final MailboxFlush flush = new MailboxFlush();
    private Path box;
    private Mbox mbox;

    @BeforeEach
    void openIt() {
        box = directory.resolve("Mailbox");
        mbox = new Mbox(new SystemDisk(), flush, new MailboxLock(Duration.ofMillis(150)), log::add);
    }

    @AfterEach
    void letGo() {
        flush.close();
    }

    @Test
    void aMessageIsAppendedWithItsFromLineQuotedLinesAndAnEmptyLine() throws IOException {
        Files.writeString(box, "From old Fri Mar 07 09:04:05 2025\n\nold\n\n");
        deliver("Subject: x\nFrom me\n\nFrom here\n>From there\n>>From afar\n> From not\nFromage\n From\nFrom");
        assertThat(box).hasContent("""
                From old Fri Mar 07 09:04:05 2025

                old

                From pat@far.test Fri Mar 07 09:04:05 2025
                Return-Path: <pat@far.test>
                Delivered-To: ann@corp.example
                Subject: x
                >From me

                >From here
                >>From there
                >>>From afar
                > From not
                Fromage
                 From
                From

                """);
    }

    @Test
    void anEmptyMessageIsItsHeadAndAnEmptyLine() throws IOException {
        deliver("");
        assertThat(Files.readString(box)).isEqualTo(HEAD + "\n");
    }

    @Test
    void aNewMailboxIsItsOwnersAlone() throws IOException {
        deliver("x\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(box)))
                .isEqualTo("rw-------");
    }

    @Test
    void whatAReaderUnquotesIsWhatWasSent() throws IOException {
        Random random = new Random(8);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            String[] pieces = {"\n", ">", "From ", "Fro", "m ", "F", "x", " ", "\u00e9", "From"};
            for (int n = random.nextInt(60); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            Files.deleteIfExists(box);
            deliver(text.toString());
            String stored = Octets.text(Files.readAllBytes(box));
            String body = stored.substring(HEAD.length(), stored.length() - 1);
            assertThat(body.lines()).noneMatch(line -> line.startsWith("From "));
            String sent = text.isEmpty() || text.charAt(text.length() - 1) == '\n' ? text.toString() : text + "\n";
            assertThat(body.replaceAll("(?m)^>(>*From )", "$1")).isEqualTo(sent);
        }
    }

    @Test
    void aLargeMessageArrivesWhole() throws IOException {
        String text = "0123456789abcde\n".repeat(20_000);
        deliver(text);
        assertThat(Files.readString(box)).isEqualTo(HEAD + text + "\n");
    }

    @Test
    void aMailboxThatAnotherProgramHasLockedDefersTheMailAndIsNotTouched() throws Exception {
        Files.writeString(box, "theirs\n\n");
        Process holder = new ProcessBuilder("flock", "-x", box.toString(), "-c", "echo locked; read line")
                .redirectErrorStream(true)
                .start();
        try {
            assertThat((char) holder.getInputStream().read()).isEqualTo('l');
            assertThatThrownBy(() -> deliver("x\n"))
                    .hasMessage("File has been locked for 30 seconds straight. (#4.3.0)")
                    .extracting(e -> ((Complaint) e).exitCode())
                    .isEqualTo(111);
            assertThat(Files.readString(box)).isEqualTo("theirs\n\n");
        } finally {
            holder.getOutputStream().close();
            assertThat(holder.waitFor(5, TimeUnit.SECONDS)).isTrue();
        }
        deliver("x\n");
        assertThat(Files.readString(box)).isEqualTo("theirs\n\n" + HEAD + "x\n\n");
    }

    @ParameterizedTest
    @CsvSource({"whole\\n\\n,''", "no empty line\\n,\\n", "torn,\\n\\n", "\\n,\\n"})
    void aMessageBeginsBehindAnEmptyLineWhateverStandsBeforeIt(String before, String separator) throws IOException {
        String there = before.replace("\\n", "\n");
        Files.writeString(box, there);
        deliver("x\n");
        assertThat(Files.readString(box)).isEqualTo(there + separator.replace("\\n", "\n") + HEAD + "x\n\n");
    }

    @Test
    void manyDeliveriesAtOnceDoNotMix() throws Exception {
        Mbox patient = new Mbox(new SystemDisk(), flush, log::add);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String text = ("line of " + i + "\n").repeat(3_000);
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    patient.deliver("Mailbox", box, Octets.of(HEAD), MemoryInput.bytes(text));
                } catch (Complaint e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        String[] messages = Files.readString(box).split("(?m)^From ");
        assertThat(messages).hasSize(21);
        for (int i = 1; i < messages.length; i++) {
            String body = messages[i].substring(HEAD.length() - "From ".length());
            assertThat(body.lines().filter(line -> !line.isEmpty()).distinct()).hasSize(1);
        }
    }

    @Test
    void aMailboxWhoseDirectoryIsMissingDefersTheMail() {
        assertThatThrownBy(() -> mbox.deliver(
                        "./none/Mailbox", directory.resolve("none/Mailbox"), Octets.of(HEAD), MemoryInput.bytes("x")))
                .hasMessage("Unable to open ./none/Mailbox: file does not exist. (#4.2.1)");
    }

    @Test
    void aDirectoryOrANamedPipeIsNoMailbox() throws Exception {
        Files.createDirectory(box);
        assertThatThrownBy(() -> deliver("x\n")).hasMessage("Unable to open Mailbox: is a directory. (#4.2.1)");
        Files.delete(box);
        assertThat(new ProcessBuilder("mkfifo", box.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> deliver("x\n")).hasMessage("Unable to open Mailbox: device not configured. (#4.2.1)");
    }

    @Test
    void aMessageThatCannotBeReadToItsEndLeavesTheMailboxAsItWas() throws IOException {
        Files.writeString(box, "theirs\n");
        MessageBytes message = MessageBytes.of(new MemoryInput(Octets.of("x".repeat(200_000)), 150_000));
        assertThatThrownBy(() -> mbox.deliver("Mailbox", box, Octets.of(HEAD), message))
                .hasMessage("Unable to read message: input/output error. (#4.3.0)");
        assertThat(Files.readString(box)).isEqualTo("theirs\n");
    }

    private void deliver(String text) throws Complaint {
        mbox.deliver("Mailbox", box, Octets.of(HEAD), MemoryInput.bytes(text));
    }
}
