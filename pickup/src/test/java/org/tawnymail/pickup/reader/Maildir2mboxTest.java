package org.tawnymail.pickup.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.process.OwnProgram;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.local.mailbox.MailboxDisk;
import org.tawnymail.local.mailbox.MailboxLock;
import org.tawnymail.local.mailbox.SystemDisk;

class Maildir2mboxTest {

    private static final Instant NOW = Instant.parse("2025-03-08T00:00:00Z");
    private static final String DATE = "Fri Mar 07 09:04:05 2025";
    private static final Instant DELIVERED = Instant.parse("2025-03-07T09:04:05Z");

    private record Result(int code, String err) {}

    @TempDir
    private Path home;

    private Path maildir;
    private Path mail;
    private Environment environment;

    @BeforeEach
    void aMaildir() throws IOException {
        maildir = home.resolve("Maildir");
        for (String folder : List.of("tmp", "new", "cur")) {
            Files.createDirectories(maildir.resolve(folder));
        }
        mail = home.resolve("Mailbox");
        environment = Environment.of(Map.of(
                "MAILDIR",
                "Maildir",
                "MAIL",
                mail.toString(),
                "MAILTMP",
                home.resolve("Mailbox.tmp").toString()));
    }

    @Test
    void allMessagesGoToTheEndOfTheMboxOldestFirstAndLeaveTheMaildir() throws IOException {
        Files.writeString(mail, "From old " + DATE + "\n\nold\n\n");
        message("cur/2.x:2,S", 1, "Return-Path: <>\nSubject: bounce\n\nFrom x\n>From y\n");
        message("new/1.x", 2, "Return-Path: <pat smith\t@far.test>\nDelivered-To: ann@corp.example\n\nno end");
        message("new/3.x", 3, "Subject: none\n");
        message("new/4.x", 4, "");
        assertThat(run()).isEqualTo(new Result(0, ""));
        assertThat(Files.readString(mail)).isEqualTo("""
                From old Fri Mar 07 09:04:05 2025

                old

                From MAILER-DAEMON Fri Mar 07 09:04:06 2025
                Return-Path: <>
                Subject: bounce

                >From x
                >>From y

                From pat-smith-@far.test Fri Mar 07 09:04:07 2025
                Return-Path: <pat smith\t@far.test>
                Delivered-To: ann@corp.example

                no end

                From XXX Fri Mar 07 09:04:08 2025
                Subject: none

                From XXX Fri Mar 07 09:04:09 2025

                """);
        assertThat(messages()).isEmpty();
        assertThat(home.resolve("Mailbox.tmp")).doesNotExist();
    }

    @Test
    void withNothingToDoTheMboxIsNotTouched() throws IOException {
        assertThat(run()).isEqualTo(new Result(0, ""));
        assertThat(mail).doesNotExist();
    }

    @Test
    void namesAreRelativeToTheMaildir() throws IOException {
        environment = environment.with(Map.of("MAIL", "mbox", "MAILTMP", "mbox.tmp"));
        message("new/1.x", 1, "x\n");
        assertThat(run()).isEqualTo(new Result(0, ""));
        assertThat(maildir.resolve("mbox")).exists();
    }

    @Test
    void theNewMboxIsAsPrivateAsTheOldOne() throws IOException {
        message("new/1.x", 1, "x\n");
        run();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mail)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(mail, PosixFilePermissions.fromString("rw-rw----"));
        message("new/2.x", 1, "y\n");
        run();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mail)))
                .isEqualTo("rw-rw----");
    }

    @Test
    void aLeftoverOfACrashedRunIsReplacedAndHalfAMessageInTheMboxGetsItsEnd() throws IOException {
        Files.writeString(mail, "From old " + DATE + "\n\nhalf a li");
        Files.writeString(home.resolve("Mailbox.tmp"), "rubbish".repeat(10_000));
        message("new/1.x", 0, "x\n");
        run();
        assertThat(Files.readString(mail))
                .isEqualTo("From old " + DATE + "\n\nhalf a li\n\nFrom XXX " + DATE + "\nx\n\n");
    }

    @Test
    void bytesAreBytes() throws IOException {
        byte[] all = new byte[70_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i * 7);
        }
        message("new/1.x", 0, Octets.text(all));
        run();
        String expected = "From XXX " + DATE + "\n" + Octets.text(all) + "\n\n";
        assertThat(Octets.text(Files.readAllBytes(mail))).isEqualTo(expected);
    }

    @Test
    void staleFilesInTmpAreRemoved() throws IOException {
        Path stale = Files.writeString(maildir.resolve("tmp/old"), "x");
        Files.getFileAttributeView(stale, BasicFileAttributeView.class)
                .setTimes(null, FileTime.from(NOW.minus(Duration.ofHours(37))), null);
        run();
        assertThat(stale).doesNotExist();
    }

    @Test
    void whateverStepFailsNoMessageIsLostAndOnlyAWholeMboxIsSeen() throws IOException {
        Result result = new Result(111, "");
        int failing = 0;
        while (!result.equals(new Result(0, ""))) {
            aMaildir();
            Files.writeString(mail, "From old " + DATE + "\n\nold\n\n");
            message("new/1.x", 1, "one\n");
            message("cur/2.x", 2, "two\n");
            StepDisk disk = new StepDisk(failing++);
            result = run(disk);
            String mbox = Files.readString(mail);
            List<String> left = messages();
            assertThat(mbox).startsWith("From old " + DATE + "\n\nold\n\n").endsWith("\n\n");
            assertThat(mbox.contains("\none\n\n") || left.contains("new/1.x")).isTrue();
            assertThat(mbox.contains("\ntwo\n\n") || left.contains("cur/2.x")).isTrue();
            assertThat(result.err().isEmpty() || result.err().startsWith("maildir2mbox: "))
                    .isTrue();
            if (result.equals(new Result(0, ""))) {
                assertThat(left).isEmpty();
                assertThat(disk.steps)
                        .containsSubsequence(
                                "force Mailbox.tmp",
                                "rename Mailbox.tmp Mailbox",
                                "force directory",
                                "delete 1.x",
                                "delete 2.x");
            }
            for (String name : left) {
                Files.delete(maildir.resolve(name));
            }
        }
        assertThat(failing).isGreaterThan(6);
    }

    @Test
    void aMessageThatCannotBeRemovedIsNamed() throws IOException {
        message("new/1.x", 1, "one\n");
        StepDisk disk = new StepDisk(Integer.MAX_VALUE) {
            @Override
            public void delete(Path file) throws IOException {
                if (file.endsWith("1.x")) {
                    throw new IOException("Permission denied");
                }
                super.delete(file);
            }
        };
        assertThat(run(disk))
                .isEqualTo(
                        new Result(
                                0,
                                "maildir2mbox: warning: $MAILDIR/new/1.x will be delivered twice; unable to unlink: access denied\n"));
    }

    @Test
    void aMailboxThatAnotherProgramHoldsTooLongIsLeftAlone() throws Exception {
        Files.writeString(mail, "theirs\n\n");
        message("new/1.x", 1, "one\n");
        Process holder = new ProcessBuilder("flock", "-x", mail.toString(), "-c", "echo locked; read line").start();
        try {
            assertThat((char) holder.getInputStream().read()).isEqualTo('l');
            assertThat(run())
                    .isEqualTo(new Result(111, "maildir2mbox: fatal: unable to lock " + mail + ": timed out\n"));
        } finally {
            holder.getOutputStream().close();
            assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(messages()).containsExactly("new/1.x");
        assertThat(run()).isEqualTo(new Result(0, ""));
        assertThat(Files.readString(mail)).startsWith("theirs\n\nFrom XXX ");
    }

    @Test
    void whileItWorksNobodyElseGetsTheLock() throws IOException {
        message("new/1.x", 1, "one\n");
        List<Integer> answers = new ArrayList<>();
        StepDisk disk = new StepDisk(Integer.MAX_VALUE) {
            @Override
            public void rename(Path from, Path to) throws IOException {
                try {
                    answers.add(new ProcessBuilder("flock", "-n", "-x", to.toString(), "true")
                            .start()
                            .waitFor());
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                super.rename(from, to);
            }
        };
        run(disk);
        assertThat(answers).containsExactly(1);
    }

    @ParameterizedTest
    @CsvSource({"MAIL", "MAILTMP", "MAILDIR"})
    void everyVariableMustBeSet(String name) {
        environment = environment.without(name);
        assertThat(run()).isEqualTo(new Result(111, "maildir2mbox: fatal: " + name + " not set\n"));
    }

    @Test
    void whatCannotBeOpenedIsNamed() throws IOException {
        message("new/1.x", 1, "one\n");
        environment = environment.with("MAIL", "none/mbox");
        assertThat(run())
                .isEqualTo(new Result(111, "maildir2mbox: fatal: unable to lock none/mbox: file does not exist\n"));
        environment = environment.with("MAIL", "mbox").with("MAILTMP", "none/tmp");
        assertThat(run())
                .isEqualTo(new Result(111, "maildir2mbox: fatal: unable to write none/tmp: file does not exist\n"));
        environment = environment.with("MAILDIR", "gone");
        assertThat(run())
                .isEqualTo(new Result(111, "maildir2mbox: fatal: unable to chdir to gone: file does not exist\n"));
        assertThat(messages()).containsExactly("new/1.x");
    }

    private void message(String name, int second, String content) throws IOException {
        Path file = maildir.resolve(name);
        Files.write(file, Octets.of(content));
        Files.setLastModifiedTime(file, FileTime.from(DELIVERED.plusSeconds(second)));
    }

    private List<String> messages() throws IOException {
        List<String> names = new ArrayList<>();
        for (String folder : List.of("new", "cur")) {
            try (Stream<Path> files = Files.list(maildir.resolve(folder))) {
                files.forEach(file -> names.add(folder + "/" + file.getFileName()));
            }
        }
        return names;
    }

    private Result run() {
        return run(new SystemDisk());
    }

    private Result run(MailboxDisk disk) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Maildir2mbox program =
                new Maildir2mbox(disk, new MailboxLock(Duration.ofMillis(100)), InstantSource.fixed(NOW));
        Call call = new Call(
                "maildir2mbox", List.of(), environment, Descriptors.none().with(2, err), home);
        int code = OwnProgram.run(program, call);
        return new Result(code, Octets.text(err.toByteArray()));
    }
}
