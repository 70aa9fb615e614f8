package org.tawnymail.local.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.local.LocalHouse;
import org.tawnymail.local.LocalHouse.Result;
import org.tawnymail.local.RecordingQueue.Submitted;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;

class QmailLocalTest {

    private static final String MESSAGE = "Subject: x\n\nbody\n";

    @TempDir
    private Path directory;

    private LocalHouse house;
    private Path home;

    @BeforeEach
    void build() throws IOException {
        house = new LocalHouse(directory.resolve("qmail"));
        home = Files.createDirectory(directory.resolve("home"));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void withoutAFileTheDefaultDeliveryCounts() throws IOException {
        assertThat(deliver("")).isEqualTo(new Result(0, "did 1+0+0\n", ""));
        assertThat(home.resolve("Mailbox")).hasContent("""
                From pat@far.test Fri Mar 07 09:04:05 2025
                Return-Path: <pat@far.test>
                Delivered-To: ann@mx.corp.example
                Subject: x

                body

                """);
    }

    @Test
    void anEmptyFileMeansTheDefaultEvenWithItsExecuteBitSet() throws IOException {
        write(".qmail", "", "rwx------");
        assertThat(deliver("")).isEqualTo(new Result(0, "did 1+0+0\n", ""));
    }

    @Test
    void anEmptyDefaultMakesMailWaitAndThrowsNoneAway() throws IOException {
        Result waits = new Result(111, "", "Uh-oh: first line of .qmail file is blank. (#4.2.1)\n");
        assertThat(run("--", "ann", home.toString(), "ann", "", "", "h", "s", ""))
                .isEqualTo(waits);
        write(".qmail", "", "rw-------");
        assertThat(run("--", "ann", home.toString(), "ann", "", "", "h", "s", ""))
                .isEqualTo(waits);
        write(".qmail", "./box\n", "rw-------");
        assertThat(run("--", "ann", home.toString(), "ann", "", "", "h", "s", "")
                        .code())
                .isZero();
    }

    @Test
    void anExtensionWithoutAFileIsNoMailbox() {
        assertThat(deliver("nobody")).isEqualTo(new Result(100, "", "Sorry, no mailbox here by that name. (#5.1.1)\n"));
    }

    @Test
    void everyKindOfDeliveryIsCountedAndForwardsGoOutTogetherAtTheEnd() throws IOException {
        LocalHouse.maildir(home.resolve("Maildir"));
        write(".qmail-list", "&bob@far.test\n./Maildir/\n|cat > copy\n./box\ncarol@far.test\n");
        assertThat(deliver("list")).isEqualTo(new Result(0, "did 2+2+1\nqp 830\n", ""));
        assertThat(house.queue().submissions())
                .containsExactly(new Submitted(
                        Origin.USER,
                        "Delivered-To: ann-list@mx.corp.example\n" + MESSAGE,
                        "pat@far.test",
                        List.of("bob@far.test", "carol@far.test")));
        assertThat(home.resolve("copy")).hasContent(MESSAGE);
        assertThat(home.resolve("box")).exists();
        try (Stream<Path> delivered = Files.list(home.resolve("Maildir/new"))) {
            assertThat(delivered).hasSize(1);
        }
    }

    @Test
    void aLineThatFailsEndsTheDeliveryAndNothingIsForwarded() throws IOException {
        write(".qmail", "&bob@far.test\n./first\n|exit 111\n./second\n");
        assertThat(deliver("")).isEqualTo(new Result(111, "", ""));
        assertThat(home.resolve("first")).exists();
        assertThat(home.resolve("second")).doesNotExist();
        assertThat(house.queue().submissions()).isEmpty();
    }

    @Test
    void exitCode99SkipsWhatFollowsButForwardsWhatWasCollected() throws IOException {
        write(".qmail", "&bob@far.test\n|exit 99\n&carol@far.test\n./box\n");
        assertThat(deliver("")).isEqualTo(new Result(0, "did 0+1+1\nqp 830\n", ""));
        assertThat(house.queue().submissions().getFirst().recipients()).containsExactly("bob@far.test");
        assertThat(home.resolve("box")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "100, 100",
        "64, 100",
        "65, 100",
        "70, 100",
        "76, 100",
        "77, 100",
        "78, 100",
        "112, 100",
        "111, 111",
        "1, 111",
        "66, 111",
        "71, 111",
        "75, 111",
        "127, 111",
        "255, 111"
    })
    void theExitCodeOfAProgramDecides(int programs, int ours) throws IOException {
        write(".qmail", "|exit " + programs + "\n");
        assertThat(deliver("").code()).isEqualTo(ours);
    }

    @Test
    void aProgramKilledByASignalDefersTheMail() throws IOException {
        write(".qmail", "|kill -9 $$\n");
        assertThat(deliver("")).isEqualTo(new Result(111, "", "Aack, child crashed. (#4.3.0)\n"));
    }

    @Test
    void whatAProgramMakesOfTheMailIsItsUsersAlone() throws IOException {
        write(".qmail", "|cat >copy\n");
        assertThat(deliver("").code()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("copy"))))
                .isEqualTo("rw-------");
    }

    @Test
    void whatProgramsPrintIsPartOfTheReport() throws IOException {
        write(".qmail", "|echo on one; echo on two >&2\n|bouncesaying 'Not here.' false\n");
        assertThat(deliver("")).isEqualTo(new Result(0, "on one\ndid 0+0+2\n", "on two\n"));
    }

    @Test
    void everyProgramReadsTheMessageFromItsFirstByteAndCanReadItAgain() throws IOException {
        write(".qmail", """
                |head -c 3 >one
                |cat >two
                |sh -c 'cat >/dev/null'; dd bs=1 count=0 2>/dev/null; cat /proc/self/fd/0 >three
                |condredirect bob@far.test grep -q body
                """);
        assertThat(deliver("").code()).isZero();
        assertThat(home.resolve("one")).hasContent("Sub");
        assertThat(home.resolve("two")).hasContent(MESSAGE);
        assertThat(home.resolve("three")).hasContent(MESSAGE);
        assertThat(house.queue().submissions().getFirst().message()).endsWith(MESSAGE);
    }

    @Test
    void theProgramsOfOneLineShareThePosition() throws IOException {
        write(".qmail", "|dd bs=1 count=8 2>/dev/null >one; cat >two\n");
        assertThat(deliver("").code()).isZero();
        assertThat(home.resolve("one")).hasContent("Subject:");
        assertThat(home.resolve("two")).hasContent(" x\n\nbody\n");
    }

    @Test
    void aChildOfAProgramOfOursGetsAFileThatItCanReadAgainToo() throws IOException {
        write(".qmail", "|except sh -c 'cat >/dev/null; cat /proc/self/fd/0 >again; exit 1'\n");
        assertThat(deliver("").code()).isZero();
        assertThat(home.resolve("again")).hasContent(MESSAGE);
    }

    @Test
    void programsOfOursRunWithoutAShellWhereTheLineAllowsIt() throws IOException {
        List<List<String>> seen = new ArrayList<>();
        house.put("vacation", call -> {
            seen.add(call.arguments());
            assertThat(call.directory()).isEqualTo(home);
            assertThat(call.stdin().readAllBytes()).isEqualTo(Octets.of(MESSAGE));
            return ExitCode.SUCCESS;
        });
        write(".qmail-default", "|vacation \"$EXT\" 'a b'\n|vacation again\n");
        assertThat(deliver("Some-Where")).isEqualTo(new Result(0, "did 0+0+2\n", ""));
        assertThat(seen).containsExactly(List.of("Some-Where", "a b"), List.of("again"));
    }

    @Test
    void theEnvironmentOfTheSpecsExample() throws IOException {
        write(".qmail-lists:foo-default", "|env | sort >env\n");
        assertThat(run("ann", "Ann-Lists.Foo-bar", "-", "Lists.Foo-bar", "mx.corp.example", "p a@far.test", MESSAGE)
                        .code())
                .isZero();
        assertThat(Files.readAllLines(home.resolve("env")))
                .contains(
                        "USER=ann",
                        "HOME=" + home,
                        "LOCAL=Ann-Lists.Foo-bar",
                        "HOST=mx.corp.example",
                        "RECIPIENT=Ann-Lists.Foo-bar@mx.corp.example",
                        "SENDER=p a@far.test",
                        "NEWSENDER=p a@far.test",
                        "EXT=Lists.Foo-bar",
                        "EXT2=bar",
                        "EXT3=",
                        "EXT4=",
                        "DEFAULT=bar",
                        "HOST2=mx.corp",
                        "HOST3=mx",
                        "HOST4=mx",
                        "DTLINE=Delivered-To: Ann-Lists.Foo-bar@mx.corp.example",
                        "RPLINE=Return-Path: <\"p a\"@far.test>",
                        "UFLINE=From p-a@far.test Fri Mar 07 09:04:05 2025",
                        "TZ=UTC");
    }

    @Test
    void withoutADefaultFileTheVariableStaysWhatItWas() throws IOException {
        write(".qmail-x", "|echo \"${DEFAULT-unset}\" >default\n");
        assertThat(deliver("x").code()).isZero();
        assertThat(home.resolve("default")).hasContent("unset\n");
    }

    @Test
    void lineEndsInAddressesCannotMakeHeaderLines() throws IOException {
        write(".qmail-default", "./box\n");
        run("ann", "ann-a\nX: y", "-", "a\nX: y", "host\nZ: z", "p\nQ: q@far.test", MESSAGE);
        assertThat(Files.readAllLines(home.resolve("box")).subList(0, 4))
                .containsExactly(
                        "From p-Q:-q@far.test Fri Mar 07 09:04:05 2025",
                        "Return-Path: <\"p\\_Q: q\"@far.test>",
                        "Delivered-To: ann-a_X: y@host_Z: z",
                        "Subject: x");
    }

    @Test
    void theNullSenderIsMailerDaemonInAnMbox() throws IOException {
        run("ann", "ann", "", "", "mx.corp.example", "", MESSAGE);
        assertThat(Files.readAllLines(home.resolve("Mailbox")).subList(0, 2))
                .containsExactly("From MAILER-DAEMON Fri Mar 07 09:04:05 2025", "Return-Path: <>");
    }

    @Test
    void aMessageThatWasHereBeforeIsLooping() throws IOException {
        write(".qmail", "&ann@mx.corp.example\n");
        Result result = run(
                "ann",
                "ann",
                "",
                "",
                "mx.corp.example",
                "pat@far.test",
                "Received: x\nDelivered-To: ann@mx.corp.example\n\nbody\n");
        assertThat(result)
                .isEqualTo(new Result(
                        100, "", "This message is looping: it already has my Delivered-To line. (#5.4.6)\n"));
    }

    @Test
    void forwardedListMailGoesOutInTheNameOfTheOwner() throws IOException {
        write(".qmail-my:list", "&bob@far.test\n");
        assertThat(senderOf("My.List", "pat@far.test")).isEqualTo("pat@far.test");
        write(".qmail-my:list-owner", "&owner@far.test\n");
        assertThat(senderOf("My.List", "pat@far.test")).isEqualTo("ann-My.List-owner@mx.corp.example");
        write(".qmail-my:list-owner-default", "&owner@far.test\n");
        assertThat(senderOf("My.List", "pat@far.test")).isEqualTo("ann-My.List-owner-@mx.corp.example-@[]");
        assertThat(senderOf("My.List", "")).isEmpty();
        assertThat(senderOf("My.List", "#@[]")).isEqualTo("#@[]");
    }

    @Test
    void aCatchAllDoesNotLendItsOwner() throws IOException {
        write(".qmail-default", "&bob@far.test\n");
        write(".qmail-default-owner", "#\n");
        assertThat(senderOf("any", "pat@far.test")).isEqualTo("pat@far.test");
    }

    @Test
    void aQueueThatRefusesAForwardDecidesTheOutcome() throws IOException {
        write(".qmail", "&bob@far.test\n");
        house.queue().answer(new QueueResult.Refused(true, "envelope address too long for qq (#5.1.3)"));
        assertThat(deliver(""))
                .isEqualTo(
                        new Result(100, "", "Unable to forward message: envelope address too long for qq (#5.1.3).\n"));
        house.queue().answer(new QueueResult.Refused(false, "qq out of memory (#4.3.0)"));
        assertThat(deliver(""))
                .isEqualTo(new Result(111, "", "Unable to forward message: qq out of memory (#4.3.0).\n"));
    }

    @Test
    void aFilterThatForwardsGoThroughSpeaksWithTheDelivery() throws IOException {
        write(".qmail", "&bob@far.test\n");
        Path filter = Files.writeString(
                Files.createDirectory(directory.resolve("qmail")).resolve("filter"),
                "#!/bin/sh\necho clean >&2\ncat >/dev/null\necho $$ >pid\n");
        permit(filter, "rwx------");
        Result result = house.run(
                directory,
                LocalHouse.INHERITED.with("QMAILQUEUE", filter.toString()),
                MESSAGE,
                "qmail-local",
                "--",
                "ann",
                home.toString(),
                "ann",
                "",
                "",
                "mx.corp.example",
                "pat@far.test",
                "./Mailbox");
        String pid = Files.readString(directory.resolve("qmail/pid"));
        assertThat(result).isEqualTo(new Result(0, "did 0+1+0\nqp " + pid, "clean\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"./box", "./Maildir/", "/tmp/box"})
    void aFileWithItsExecuteBitSetMayOnlyForward(String line) throws IOException {
        write(".qmail", "&bob@far.test\n" + line + "\n", "rwx------");
        assertThat(deliver(""))
                .isEqualTo(new Result(111, "", "Uh-oh: .qmail has file delivery but has x bit set. (#4.7.0)\n"));
        write(".qmail", "|true\n", "rwx------");
        assertThat(deliver(""))
                .isEqualTo(new Result(111, "", "Uh-oh: .qmail has prog delivery but has x bit set. (#4.7.0)\n"));
        write(".qmail", "./first\n+list\n|true\n", "rw-------");
        assertThat(deliver(""))
                .isEqualTo(new Result(111, "", "Uh-oh: .qmail has prog delivery but has x bit set. (#4.7.0)\n"));
        assertThat(house.queue().submissions()).isEmpty();
    }

    @Test
    void aBlankFirstLineMeansThatSomebodyIsEditing() throws IOException {
        write(".qmail", " \n./box\n");
        assertThat(deliver("")).isEqualTo(new Result(111, "", "Uh-oh: first line of .qmail file is blank. (#4.2.1)\n"));
    }

    @Test
    void whatTheWorldMayWriteGivesNoOrders() throws IOException {
        write(".qmail", "./box\n", "rw-rw-rw-");
        assertThat(deliver("")).isEqualTo(new Result(111, "", "Uh-oh: .qmail file is writable. (#4.7.0)\n"));
        write(".qmail", "./box\n", "rw-rw-r--");
        assertThat(deliver("").code()).isZero();
        permit(home, "rwxrwxrwx");
        assertThat(deliver("")).isEqualTo(new Result(111, "", "Uh-oh: home directory is writable. (#4.7.0)\n"));
    }

    @Test
    void aStickyHomeMakesMailWait() throws IOException {
        Files.setAttribute(home, "unix:mode", 01700);
        assertThat(deliver(""))
                .isEqualTo(
                        new Result(111, "", "Home directory is sticky: user is editing his .qmail file. (#4.2.1)\n"));
        assertThat(run("-n", "ann", home.toString(), "ann", "", "", "h", "s", "./Mailbox"))
                .isEqualTo(new Result(0, "mbox ./Mailbox\ndid 1+0+0\n", "Warning: home directory is sticky.\n"));
    }

    @Test
    void aHomeThatIsNotThereMakesMailWait() {
        assertThat(run("ann", "/no/such/home", "ann", "", "", "h", "s", "./Mailbox"))
                .isEqualTo(new Result(111, "", "Unable to switch to /no/such/home: file does not exist. (#4.3.0)\n"));
        assertThat(run("ann", "/etc/passwd", "ann", "", "", "h", "s", "./Mailbox"))
                .isEqualTo(new Result(111, "", "Unable to switch to /etc/passwd: not a directory. (#4.3.0)\n"));
    }

    @Test
    void aDirectoryOfThatNameIsNoDotQmailFile() throws IOException {
        Files.createDirectory(home.resolve(".qmail-x"));
        write(".qmail-default", "./box\n");
        assertThat(deliver("x").code()).isZero();
        assertThat(home.resolve("box")).exists();
    }

    @Test
    void aSlashAtTheEndOfAnExtensionLeadsToNoFile() throws IOException {
        write(".qmail-x", "./x\n");
        assertThat(deliver("x/").err()).isEqualTo("Sorry, no mailbox here by that name. (#5.1.1)\n");
        write(".qmail-default", "./default\n");
        assertThat(deliver("x/").code()).isZero();
        assertThat(home.resolve("x")).doesNotExist();
        assertThat(home.resolve("default")).exists();
    }

    @Test
    void aFileThatLeadsRoundInCirclesIsNone() throws IOException {
        Files.createSymbolicLink(home.resolve(".qmail-x"), Path.of(".qmail-x"));
        assertThat(deliver("x").err()).isEqualTo("Sorry, no mailbox here by that name. (#5.1.1)\n");
    }

    @Test
    void withNQmailLocalOnlyTellsWhatItWouldDo() throws IOException {
        write(".qmail-x", "./Maildir/\n./box\n|vacation\n&bob@far.test\n#\n");
        assertThat(run("-n", "ann", home.toString(), "ann-x", "-", "x", "h", "s", "./Mailbox"))
                .isEqualTo(new Result(
                        0, "maildir ./Maildir/\nmbox ./box\nprogram vacation\nforward bob@far.test\ndid 2+1+1\n", ""));
        assertThat(home.resolve("box")).doesNotExist();
        assertThat(house.queue().submissions()).isEmpty();
        assertThat(run("-nN", "ann", home.toString(), "ann", "", "", "h", "s", "./Mailbox")
                        .out())
                .isEqualTo("did 1+0+0\n");
        assertThat(home.resolve("Mailbox")).exists();
    }

    @Test
    void wrongUsageIsToldInOneLine() {
        String usage = "qmail-local: usage: qmail-local [ -nN ] user homedir local dash ext domain sender aliasempty\n";
        assertThat(run("ann")).isEqualTo(new Result(100, "", usage));
        assertThat(run("ann", "home", "ann", "", "", "h", "s", "./Mailbox")).isEqualTo(new Result(100, "", usage));
        assertThat(run("-x")).isEqualTo(new Result(100, "", "qmail-local: illegal option -- x\n" + usage));
    }

    @Test
    void aMailboxThatCannotBeOpenedIsNamedAsTheFileNamesIt() throws IOException {
        write(".qmail", "./none/box\n");
        assertThat(deliver(""))
                .isEqualTo(new Result(111, "", "Unable to open ./none/box: file does not exist. (#4.2.1)\n"));
        write(".qmail", "./none/\n");
        assertThat(deliver("")).isEqualTo(new Result(111, "", "Unable to chdir to maildir. (#4.2.1)\n"));
    }

    private String senderOf(String ext, String sender) {
        house.queue().submissions().clear();
        assertThat(run("ann", "ann-" + ext, "-", ext, "mx.corp.example", sender, MESSAGE)
                        .code())
                .isZero();
        return house.queue().submissions().getFirst().sender();
    }

    private Result deliver(String ext) {
        return ext.isEmpty()
                ? run("ann", "ann", "", "", "mx.corp.example", "pat@far.test", MESSAGE)
                : run("ann", "ann-" + ext, "-", ext, "mx.corp.example", "pat@far.test", MESSAGE);
    }

    private Result run(
            String user, String local, String dash, String ext, String domain, String sender, String message) {
        return house.run(
                directory,
                LocalHouse.INHERITED,
                message,
                "qmail-local",
                "--",
                user,
                home.toString(),
                local,
                dash,
                ext,
                domain,
                sender,
                "./Mailbox");
    }

    private Result run(String... arguments) {
        return house.run(directory, LocalHouse.INHERITED, MESSAGE, "qmail-local", arguments);
    }

    private void write(String name, String text) throws IOException {
        write(name, text, "rw-r--r--");
    }

    private void write(String name, String text, String permissions) throws IOException {
        Files.writeString(home.resolve(name), text);
        permit(home.resolve(name), permissions);
    }

    private static void permit(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
