package org.tawnymail.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Accounts;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.process.ProgramCommands;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.ProgramTable;
import org.tawnymail.local.users.PasswdLookup;
import org.tawnymail.local.users.QmailNewu;
import org.tawnymail.local.users.UserLookup;
import org.tawnymail.local.users.UsersDatabase;

/** qmail-lspawn with an operator's own programs in the place of ours. As root, deliveries here are made as uid 1050. */
@Timeout(60)
class ReplacementsTest {

    @TempDir
    private Path directory;

    private LocalHouse house;
    private Path bin;
    private Path home;
    private int uid;

    @BeforeEach
    void build() throws IOException {
        house = new LocalHouse(directory.resolve("qmail"));
        bin = Files.createDirectories(house.home().path().resolve("bin"));
        Files.createDirectories(house.home().users());
        Files.createDirectories(house.home().queue().resolve("mess/3"));
        Files.writeString(house.home().queue().resolve("mess/3/26"), "Subject: x\n\nhello\n");
        home = Files.createDirectory(directory.resolve("kim"));
        uid = ThisProcess.effectiveUid() == 0 ? 1050 : ThisProcess.effectiveUid();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        script(directory.resolve("qmail/tawny"), "exit 99");
        assign("=kim:kim:UID:UID:HOME:-:ext:\n.\n");
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void anotherQmailLocalGetsTheArgumentsAndTheMessageAndActsAsTheUser() throws IOException {
        script(bin.resolve("qmail-local"), "echo \"$# $*\"; pwd; id -u; cat; exit 0");
        assertThat(report("kim@mx.test"))
                .isEqualTo("K9 -- kim " + home + " kim - ext mx.test a@b ./Maildir/\n"
                        + house.home().path().toRealPath() + "\n" + uid + "\nSubject: x\n\nhello\n");
    }

    @Test
    void ourOwnQmailLocalCostsNoProcess() throws IOException {
        Files.createSymbolicLink(bin.resolve("qmail-local"), Path.of("../tawny"));
        Files.writeString(home.resolve(".qmail-ext"), "#\n");
        assertThat(report("kim@mx.test")).isEqualTo("Kdid 0+0+0\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0; K; text",
                "100; D; text",
                "111; Z; text",
                "71; Z; text",
                "74; Z; text",
                "75; Z; text",
                "1; D; text",
                "99; D; text",
                "112; Z; Internal qmail-lspawn bug.",
                "113; Z; Not allowed to perform deliveries as root.",
                "115; Z; NFS failure in qmail-local.",
                "116; Z; Unable to find alias user!",
                "117; Z; Trouble reading users/cdb in qmail-lspawn.",
                "118; Z; Temporary failure in qmail-lspawn.",
                "119; Z; Out of memory in qmail-lspawn.",
                "120; Z; Unable to run qmail-local.",
                "121; Z; Unable to run qmail-getpw.",
                "126; D; Unable to run qmail-local.",
            })
    void theExitCodeOfQmailLocalDecides(int code, String status, String text) throws IOException {
        script(bin.resolve("qmail-local"), "printf 'text\\n\\0cut'; exit " + code);
        assertThat(report("kim@mx.test")).isEqualTo(status + text + "\n");
    }

    @Test
    void aQmailLocalThatIsKilledHasCrashed() throws IOException {
        script(bin.resolve("qmail-local"), "echo text; kill -9 $$");
        assertThat(report("kim@mx.test")).isEqualTo("Zqmail-local crashed.\n");
    }

    @Test
    void aQmailLocalThatCannotRunIsAMistakeForGood() throws IOException {
        Files.writeString(bin.resolve("qmail-local"), "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(bin.resolve("qmail-local"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(report("kim@mx.test")).isEqualTo("DUnable to run qmail-local.\n");
    }

    @Test
    void aReportIsCutAtThreeThousandBytes() throws IOException {
        script(bin.resolve("qmail-local"), "head -c 100000 /dev/zero | tr '\\0' x; exit 100");
        assertThat(report("kim@mx.test")).isEqualTo("D" + "x".repeat(2966) + "\nError report too long, sorry.\n");
    }

    @Test
    void aReportWaitsForWhatItsProgramLeftRunning() throws IOException {
        script(bin.resolve("qmail-local"), "(while [ -e /proc/$$/exe ]; do :; done; echo late) & echo early; exit 0");
        assertThat(report("kim@mx.test")).isEqualTo("Kearly\nlate\n");
    }

    @Test
    void anotherQmailGetpwSaysWhoseMailItIs() throws Exception {
        assumeTrue(
                ThisProcess.effectiveUid() != 0
                        || (Accounts.byName("qmailp").isPresent()
                                && Accounts.groupByName("nofiles").isPresent()),
                "of root's it runs as qmailp, which this machine does not have");
        script(bin.resolve("qmail-getpw"), "printf '%s\\0' \"$1\" " + uid + " " + uid + " " + home + " - ext");
        Files.writeString(home.resolve(".qmail-ext"), "#\n");
        assertThat(report("anybody@mx.test")).isEqualTo("Kdid 0+0+0\n");
        script(bin.resolve("qmail-getpw"), "exit 115");
        assertThat(report("anybody@mx.test")).isEqualTo("ZNFS failure in qmail-local.\n");
        script(bin.resolve("qmail-getpw"), "printf 'too\\0few\\0'");
        assertThat(report("anybody@mx.test")).isEqualTo("ZInternal qmail-lspawn bug.\n");
        script(bin.resolve("qmail-getpw"), "kill -9 $$");
        assertThat(report("anybody@mx.test")).isEqualTo("ZTemporary failure in qmail-lspawn.\n");
    }

    @Test
    void mailToNobodyAtAHostVanishesAndOneWithoutAHostFails() throws IOException {
        assertThat(report("@mx.test")).isEqualTo("K");
        assertThat(report("kim")).isEqualTo("DSorry, address must include host name. (#5.1.3)\n");
    }

    @Test
    void withoutADefaultDeliveryItDoesNotStart() throws IOException {
        assertThat(run(List.of(), "").length()).isZero();
    }

    /** What one command is answered with, without slot and NUL. */
    private String report(String recipient) throws IOException {
        String reports = run(List.of("./Maildir/"), "\5" + "3/26\0a@b\0" + recipient + "\0");
        assertThat(reports).startsWith("\170\5").endsWith("\0");
        return reports.substring(2, reports.length() - 1);
    }

    private String run(List<String> arguments, String input) throws IOException {
        Commands commands = new ProgramCommands(
                new ProgramTable() {
                    @Override
                    public Optional<Program> find(String name) {
                        return Optional.empty();
                    }

                    @Override
                    public Set<String> names() {
                        return Set.of("qmail-local", "qmail-getpw");
                    }
                },
                bin);
        UserLookup users = new UserLookup(new UsersDatabase(house.home()), new PasswdLookup(name -> Optional.empty()));
        QmailLspawn program = new QmailLspawn(house.home(), users, house.deliveries(), commands, bin);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Descriptors descriptors = Descriptors.none()
                .with(0, new ByteArrayInputStream(Octets.of(input)))
                .with(1, out)
                .with(2, new ByteArrayOutputStream());
        int code = program.run(new Call("qmail-lspawn", arguments, LocalHouse.INHERITED, descriptors, directory));
        assertThat(code).isEqualTo(arguments.isEmpty() ? 100 : 0);
        return Octets.text(out.toByteArray());
    }

    private void assign(String lines) throws IOException {
        String text = lines.replace("UID", String.valueOf(uid)).replace("HOME", home.toString());
        Files.writeString(house.home().users().resolve("assign"), text);
        Descriptors descriptors =
                Descriptors.none().with(1, new ByteArrayOutputStream()).with(2, new ByteArrayOutputStream());
        assertThat(new QmailNewu(house.home())
                        .run(new Call("qmail-newu", List.of(), LocalHouse.INHERITED, descriptors, directory)))
                .isZero();
    }

    private static void script(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
