package org.tawnymail.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.local.mailbox.MemoryInput;
import org.tawnymail.local.users.PasswdLookup;
import org.tawnymail.local.users.QmailNewu;
import org.tawnymail.local.users.UserLookup;
import org.tawnymail.local.users.UsersDatabase;
import org.tawnymail.queue.QueuePort.Origin;

/** qmail-lspawn and qmail-local as qmail-send sees them. As root, deliveries here are made as uid 1050. */
class LocalDeliveryTest {

    private static final int KIM = 1050;

    @TempDir
    private Path directory;

    private LocalHouse house;
    private LocalDelivery local;
    private Path home;
    private int uid;

    @BeforeEach
    void build() throws IOException {
        house = new LocalHouse(directory.resolve("qmail"));
        Files.createDirectories(house.home().users());
        home = Files.createDirectory(directory.resolve("kim"));
        int own = ThisProcess.effectiveUid();
        uid = own == 0 ? KIM : own;
        if (own == 0) {
            permit(directory, "rwxr-xr-x");
            give(home);
            permit(home, "rwx------");
        }
        local = new LocalDelivery(
                new UserLookup(new UsersDatabase(house.home()), new PasswdLookup(name -> Optional.empty())),
                house.deliveries(),
                house.replacements(),
                LocalHouse.INHERITED,
                "./Maildir/",
                house.log()::add);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void theWorkedExampleOfTheSpec() throws IOException {
        assign("=kim:kim:UID:UID:HOME:::\n+kim-:kim:UID:UID:HOME:-::\n");
        give(LocalHouse.maildir(home.resolve("Maildir")));
        write(".qmail-club-default", "|grep -q urgent && exit 99; exit 0\n&archive@far.test\n./Maildir/\n");

        assertThat(deliver("Subject: urgent\n\n", "kim-club-News@club.test"))
                .isEqualTo(new Outcome.Delivered("did 0+0+1\n"));
        assertThat(house.queue().submissions()).isEmpty();
        assertThat(delivered()).isEmpty();

        assertThat(deliver("Subject: news\n\nbody\n", "kim-club-News@club.test"))
                .isEqualTo(new Outcome.Delivered("did 1+1+1\nqp 830\n"));
        assertThat(house.queue().submissions())
                .containsExactly(new RecordingQueue.Submitted(
                        Origin.USER,
                        "Delivered-To: kim-club-News@club.test\nSubject: news\n\nbody\n",
                        "pat@far.test",
                        List.of("archive@far.test")));
        assertThat(delivered())
                .singleElement()
                .satisfies(file -> assertThat(file).hasContent("""
                        Return-Path: <pat@far.test>
                        Delivered-To: kim-club-News@club.test
                        Subject: news

                        body
                        """));
    }

    @Test
    void mailToNobodyAtAHostIsSilentlyDelivered() {
        assertThat(deliver("x\n", "@corp.example")).isEqualTo(new Outcome.Delivered(""));
    }

    @Test
    void anAddressWithoutAHostFails() {
        assertThat(deliver("x\n", "kim"))
                .isEqualTo(new Outcome.Failed("Sorry, address must include host name. (#5.1.3)\n"));
    }

    @Test
    void theLastAtSignPartsTheAddress() throws IOException {
        assign("+:kim:UID:UID:HOME:-::\n");
        write(".qmail-default", "|echo \"$LOCAL\" \"$HOST\"\n");
        assertThat(deliver("x\n", "a@b@corp.example").text()).startsWith("a@b corp.example\n");
    }

    @Test
    void nothingIsEverDeliveredAsRoot() throws IOException {
        assign("=kim:kim:0:0:HOME:::\n");
        assertThat(deliver("x\n", "kim@corp.example"))
                .isEqualTo(new Outcome.Deferred("Not allowed to perform deliveries as root.\n"));
        assign("=kim:kim:nobody:0:HOME:::\n");
        assertThat(deliver("x\n", "kim@corp.example").text()).contains("as root");
        assign("=kim:kim:4294967296:0:HOME:::\n");
        assertThat(deliver("x\n", "kim@corp.example").text()).contains("as root");
    }

    @Test
    void aLookUpThatCannotBeMadeDefersAndTheLogTellsWhy() throws IOException {
        Files.write(house.home().users().resolve("cdb"), new byte[7]);
        assertThat(deliver("x\n", "kim@corp.example"))
                .isEqualTo(new Outcome.Deferred("Trouble reading users/cdb in qmail-lspawn.\n"));
        assertThat(house.log()).singleElement().asString().contains("kim@corp.example", "cdb");
        deliver("x\n", "kim\nforged line@corp.example");
        assertThat(house.log().getLast()).contains("kim_forged line@corp.example");
        Files.delete(house.home().users().resolve("cdb"));
        assertThat(deliver("x\n", "kim@corp.example")).isEqualTo(new Outcome.Deferred("Unable to find alias user!\n"));
    }

    @Test
    void exitCodesOfTheFileBecomeOutcomesWithWhatWasPrinted() throws IOException {
        assign("=kim:kim:UID:UID:HOME:::\n");
        write(".qmail", "|echo gone away >&2; exit 100\n");
        assertThat(deliver("x\n", "kim@corp.example")).isEqualTo(new Outcome.Failed("gone away\n"));
        write(".qmail", "|echo later; exit 111\n");
        assertThat(deliver("x\n", "kim@corp.example")).isEqualTo(new Outcome.Deferred("later\n"));
        write(".qmail", "./none/\n");
        assertThat(deliver("x\n", "kim@corp.example"))
                .isEqualTo(new Outcome.Deferred("Unable to chdir to maildir. (#4.2.1)\n"));
    }

    @Test
    void aReportEndsAtItsFirstNulAndIsNeverLongerThan3000Bytes() throws IOException {
        assign("=kim:kim:UID:UID:HOME:::\n");
        write(".qmail", "|printf 'before\\000after'\n");
        assertThat(deliver("x\n", "kim@corp.example")).isEqualTo(new Outcome.Delivered("before"));
        write(".qmail", "|head -c 3000 /dev/zero | tr '\\000' x; exit 100\n");
        assertThat(deliver("x\n", "kim@corp.example").text()).isEqualTo("x".repeat(3000));
        write(".qmail", "|head -c 3001 /dev/zero | tr '\\000' x; exit 100\n");
        assertThat(deliver("x\n", "kim@corp.example").text())
                .isEqualTo("x".repeat(2966) + "\nError report too long, sorry.\n");
        write(".qmail", "|yes | head -c 5000000; exit 100\n");
        assertThat(deliver("x\n", "kim@corp.example").text()).hasSize(2997);
    }

    @Test
    void aProgramMayOpenTheMessageOnceMoreHoweverLongItIs() throws IOException {
        assign("=kim:kim:UID:UID:HOME:::\n");
        write(".qmail", "|cat >/dev/null; cat /dev/stdin >again\n");
        for (int size : new int[] {10, 100_000, 3_000_000}) {
            String message = "0123456789abcde\n".repeat(size / 16 + 1);
            assertThat(deliver(message, "kim@corp.example")).isEqualTo(new Outcome.Delivered("did 0+0+1\n"));
            assertThat(home.resolve("again")).hasContent(message);
        }
    }

    @Test
    void aMessageThatCannotBeOpenedDefers() throws IOException {
        assign("=kim:kim:UID:UID:HOME:::\n");
        MessageSource gone = new MessageSource() {
            @Override
            public long size() {
                return 1;
            }

            @Override
            public SeekableInput open() throws IOException {
                throw new NoSuchFileException("segment");
            }
        };
        assertThat(local.deliver(gone, "pat@far.test", "kim@corp.example"))
                .isEqualTo(new Outcome.Deferred("qmail-spawn unable to open message. (#4.3.0)\n"));
    }

    @Test
    void asRootFilesAndProgramsAreTheUsers() throws IOException {
        assumeTrue(ThisProcess.effectiveUid() == 0, "only root can become somebody else");
        assign("=kim:kim:UID:UID:HOME:::\n");
        give(LocalHouse.maildir(home.resolve("Maildir")));
        write(".qmail", "./Maildir/\n./box\n|echo `id -u` `id -g` `id -G` >ids; ls -l /proc/self/fd/0 >/dev/null\n");
        assertThat(deliver("Subject: x\n\nbody\n", "kim@corp.example")).isEqualTo(new Outcome.Delivered("did 2+0+1\n"));
        assertThat(home.resolve("ids")).hasContent("1050 1050 1050\n");
        for (Path file :
                List.of(home.resolve("ids"), home.resolve("box"), delivered().getFirst())) {
            assertThat(FileStatus.of(file).uid()).isEqualTo(KIM);
            assertThat(FileStatus.of(file).gid()).isEqualTo(KIM);
        }
    }

    @Test
    void asRootNothingIsTouchedThatTheUserMayNotTouch() throws IOException {
        assumeTrue(ThisProcess.effectiveUid() == 0, "only root can become somebody else");
        assign("=kim:kim:UID:UID:HOME:::\n+kim-:kim:UID:UID:HOME:-::\n");
        Path secret = Files.writeString(directory.resolve("secret"), "&stolen@far.test\n");
        permit(secret, "rw-------");
        Files.createSymbolicLink(home.resolve(".qmail"), secret);
        assertThat(deliver("x\n", "kim@corp.example"))
                .isEqualTo(new Outcome.Deferred("Unable to open .qmail: access denied. (#4.3.0)\n"));
        write(".qmail-box", secret + "\n");
        assertThat(deliver("x\n", "kim-box@corp.example"))
                .isEqualTo(new Outcome.Deferred("Unable to open " + secret + ": access denied. (#4.2.1)\n"));
        Path rootsMaildir = LocalHouse.maildir(directory.resolve("roots"));
        permit(rootsMaildir, "rwx------");
        write(".qmail-dir", rootsMaildir + "/\n");
        assertThat(deliver("x\n", "kim-dir@corp.example"))
                .isEqualTo(new Outcome.Deferred("Unable to chdir to maildir. (#4.2.1)\n"));
        assertThat(secret).hasContent("&stolen@far.test\n");
    }

    @Test
    void asRootAHomeThatTheUserMayNotEnterMakesMailWaitAndSaysWhich() throws IOException {
        assumeTrue(ThisProcess.effectiveUid() == 0, "only root can become somebody else");
        assign("=kim:kim:UID:UID:HOME:::\n");
        Files.setAttribute(home, "unix:uid", 0);
        permit(home, "rwx------");
        assertThat(deliver("x\n", "kim@corp.example"))
                .isEqualTo(new Outcome.Deferred("Unable to switch to " + home + ": access denied. (#4.3.0)\n"));
    }

    @Test
    void whoeverIsNotRootDeliversForItselfAlone() throws IOException {
        assumeTrue(ThisProcess.effectiveUid() != 0, "root may deliver for everybody");
        assign("=kim:kim:" + (uid + 1) + ":1:HOME:::\n");
        assertThat(deliver("x\n", "kim@corp.example")).isEqualTo(new Outcome.Deferred("Internal qmail-lspawn bug.\n"));
        assertThat(house.log()).singleElement().asString().contains("kim@corp.example", "uid " + (uid + 1));
    }

    private Outcome deliver(String message, String recipient) {
        return local.deliver(MemoryInput.message(message), "pat@far.test", recipient);
    }

    private List<Path> delivered() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("Maildir/new"))) {
            return files.toList();
        }
    }

    private void assign(String lines) throws IOException {
        String assign = lines.replace("UID", String.valueOf(uid)).replace("HOME", home.toString()) + ".\n";
        Files.writeString(house.home().users().resolve("assign"), assign);
        house.put("qmail-newu", new QmailNewu(house.home()));
        assertThat(house.run(directory, LocalHouse.INHERITED, "", "qmail-newu").code())
                .isZero();
    }

    private void write(String name, String text) throws IOException {
        Path file = Files.writeString(home.resolve(name), text);
        give(file);
    }

    /** Makes a file, and what is in it, kim's where root runs the tests. */
    private static void give(Path file) throws IOException {
        if (ThisProcess.effectiveUid() == 0) {
            try (Stream<Path> all = Files.walk(file)) {
                for (Path each : all.toList()) {
                    Files.setAttribute(each, "unix:uid", KIM);
                    Files.setAttribute(each, "unix:gid", KIM);
                }
            }
        }
    }

    private static void permit(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
