package org.tawnymail.local.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.cdb.CdbWriter;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Account;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.SystemError;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;

class UserLookupTest {

    private static final int EAGAIN = 11;

    @TempDir
    private Path directory;

    private final Map<String, Account> accounts = new HashMap<>();
    private boolean accountsAnswer = true;
    private Home home;
    private PasswdLookup passwd;
    private UserLookup lookup;
    private int ownUid;

    @BeforeEach
    void makeTheHouse() throws IOException {
        home = new Home(directory.resolve("qmail"));
        Files.createDirectories(home.users());
        ownUid = FileStatus.of(directory).uid();
        passwd = new PasswdLookup(name -> {
            if (!accountsAnswer) {
                throw new SystemError("unable to look up " + name, EAGAIN);
            }
            return Optional.ofNullable(accounts.get(name));
        });
        lookup = new UserLookup(new UsersDatabase(home), passwd);
    }

    @Test
    void anExactAssignmentBeatsAPrefixAndALongerPrefixAShorterOne() throws Exception {
        assign("""
                =ann-x:exact:1:1:/e:::
                +ann-:short:2:2:/s:-:s-:
                +ann-lists-:long:3:3:/l:-:l-:
                +:all:4:4:/a:-::
                .
                """);
        assertThat(lookup.find("Ann-X")).isEqualTo(new LocalUser("exact", 1, 1, "/e", "", ""));
        assertThat(lookup.find("Ann-Xy")).isEqualTo(new LocalUser("short", 2, 2, "/s", "-", "s-Xy"));
        assertThat(lookup.find("Ann-Lists-Foo")).isEqualTo(new LocalUser("long", 3, 3, "/l", "-", "l-Foo"));
        assertThat(lookup.find("bob")).isEqualTo(new LocalUser("all", 4, 4, "/a", "-", "bob"));
    }

    @Test
    void aPrefixIsMetByNothingButItselfToo() throws Exception {
        assign("+ann-:ann:2:2:/s:-::\n+:all:4:4:/a:-::\n.\n");
        assertThat(lookup.find("ann-").ext()).isEmpty();
    }

    @Test
    void theFirstOfTwoEqualLinesCounts() throws Exception {
        assign("=ann:first:1:1:/:::\n=ANN:second:2:2:/:::\n.\n");
        assertThat(lookup.find("ann").name()).isEqualTo("first");
    }

    @Test
    void aPrefixThatEndsInACapitalNeverMatchesAsInQmail() throws Exception {
        assign("+annX:ann:1:1:/:-::\n+:all:4:4:/:-::\n.\n");
        assertThat(lookup.find("annXy").name()).isEqualTo("all");
    }

    @Test
    void whoIsNotAssignedIsLookedUpAmongTheAccounts() throws Exception {
        account("ann", ownUid == 0 ? 0 : ownUid, directory);
        account("alias", 7790, directory);
        assign("=bob:bob:1:1:/b:::\n.\n");
        assertThat(lookup.find("carol").name()).isEqualTo("alias");
        assertThat(lookup.find("carol"))
                .isEqualTo(new LocalUser("alias", 7790, 7790, directory.toString(), "-", "carol"));
    }

    @Test
    void aNewDatabaseCountsAtOnce() throws Exception {
        assign("=ann:one:1:1:/:::\n.\n");
        assertThat(lookup.find("ann").name()).isEqualTo("one");
        assign("=ann:another:1:1:/:::\n.\n");
        assertThat(lookup.find("ann").name()).isEqualTo("another");
    }

    @Test
    void aDatabaseWithoutItsListOfLastLettersOrOfHalfALengthDefers() throws Exception {
        assign("=ann:ann:1:1:/:::\n.\n");
        Path cdb = home.users().resolve("cdb");
        byte[] whole = Files.readAllBytes(cdb);
        Files.write(cdb, new byte[2048]);
        assertReport("ann", LspawnReport.USERS_DATABASE, "Trouble reading users/cdb in qmail-lspawn.\n");
        Files.write(cdb, Arrays.copyOf(whole, 100));
        assertReport("ann", LspawnReport.USERS_DATABASE, "Trouble reading users/cdb in qmail-lspawn.\n");
        Files.delete(cdb);
        Files.createDirectory(cdb);
        assertReport("ann", LspawnReport.USERS_DATABASE, "Trouble reading users/cdb in qmail-lspawn.\n");
    }

    @Test
    void anAssignmentOfTooFewFieldsDefers() throws Exception {
        try (CdbWriter writer = CdbWriter.create(home.users().resolve("t"))) {
            writer.add("!ann\0", "ann\0" + "1\0" + "1");
            writer.add("", "");
            writer.finish(home.users().resolve("cdb"));
        }
        assertReport("ann", LspawnReport.BUG, "Internal qmail-lspawn bug.\n");
    }

    @Test
    void noDamageToTheDatabaseMakesALookUpFailInAnyOtherWay() throws Exception {
        account("alias", 7790, directory);
        assign("=ann:ann:1:1:/:::\n+ann-:ann:1:1:/:-::\n+:all:4:4:/a:-::\n.\n");
        Path cdb = home.users().resolve("cdb");
        byte[] whole = Files.readAllBytes(cdb);
        Random random = new Random(3);
        int answered = 0;
        for (int i = 0; i < 400; i++) {
            byte[] damaged = whole.clone();
            for (int n = random.nextInt(30); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Path replacement = home.users().resolve("damaged");
            Files.write(replacement, damaged);
            Files.move(replacement, cdb, StandardCopyOption.REPLACE_EXISTING);
            try {
                lookup.find("ann-x");
                answered++;
            } catch (LookupFailure failure) {
                assertThat(failure.exitCode())
                        .isIn(LspawnReport.USERS_DATABASE.exitCode(), LspawnReport.BUG.exitCode());
            }
        }
        assertThat(answered).isPositive();
    }

    @Test
    void theLongestAccountNameWinsAndTheRestIsTheExtensionInItsOwnLetterCase() throws Exception {
        Path annsHome = foreignHome();
        account("ann", uidOf(annsHome), annsHome);
        account("ann-list", uidOf(annsHome), annsHome);
        assertThat(passwd.find("ann-List-X"))
                .isEqualTo(new LocalUser("ann-list", uidOf(annsHome), uidOf(annsHome), annsHome.toString(), "-", "X"));
        assertThat(passwd.find("ANN"))
                .isEqualTo(new LocalUser("ann", uidOf(annsHome), uidOf(annsHome), annsHome.toString(), "", ""));
        assertThat(passwd.find("ann-").ext()).isEmpty();
        assertThat(passwd.find("ann-").dash()).isEqualTo("-");
    }

    @Test
    void rootAndAccountsThatDoNotOwnTheirHomeGetNoMail() throws Exception {
        account("alias", 7790, directory);
        account("root", 0, directory);
        account("thief", ownUid + 1, directory);
        account("homeless", 1042, directory.resolve("none"));
        for (String local : List.of("root", "thief", "homeless", "nobody")) {
            assertThat(passwd.find(local))
                    .isEqualTo(new LocalUser("alias", 7790, 7790, directory.toString(), "-", local));
        }
    }

    @Test
    void namesOfMoreThan31BytesAreNotLookedUp() throws Exception {
        Path annsHome = foreignHome();
        account("alias", 7790, directory);
        account("a".repeat(31), uidOf(annsHome), annsHome);
        account("b".repeat(32), uidOf(annsHome), annsHome);
        assertThat(passwd.find("a".repeat(31)).name()).isEqualTo("a".repeat(31));
        assertThat(passwd.find("a".repeat(31) + "-x").name()).isEqualTo("a".repeat(31));
        assertThat(passwd.find("b".repeat(32)).name()).isEqualTo("alias");
    }

    @Test
    void withoutAnAliasAccountMailForNobodyWaits() {
        assertReport("nobody", LspawnReport.NO_ALIAS_USER, "Unable to find alias user!\n");
    }

    @Test
    void accountsThatCannotBeLookedUpJustNowMakeMailWait() {
        accountsAnswer = false;
        assertReport("ann", LspawnReport.TEMPORARY_FAILURE, "Temporary failure in qmail-lspawn.\n");
    }

    @Test
    void qmailGetpwPrintsSixFieldsEachEndedByANul() throws Exception {
        account("alias", 7790, Path.of("/nowhere"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(new QmailGetpw(passwd).run(call(out, "Post-Master"))).isZero();
        assertThat(Octets.text(out.toByteArray()))
                .isEqualTo("alias\0" + "7790\0" + "7790\0" + "/nowhere\0-\0Post-Master\0");
    }

    @Test
    void qmailGetpwPrintsNothingWhenItFailsAndTellsWhyWithItsExitCode() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        QmailGetpw getpw = new QmailGetpw(passwd);
        assertThat(getpw.run(call(out))).isEqualTo(100);
        assertThat(getpw.run(call(out, "ann"))).isEqualTo(116);
        accountsAnswer = false;
        assertThat(getpw.run(call(out, "ann"))).isEqualTo(118);
        assertThat(out.toByteArray()).isEmpty();
    }

    @Test
    void everyExitCodeOfTheTableHasItsReport() {
        assertThat(LspawnReport.outcome(115, "x").text()).isEqualTo("NFS failure in qmail-local.\n");
        assertThat(LspawnReport.outcome(119, "x").text()).isEqualTo("Out of memory in qmail-lspawn.\n");
        assertThat(LspawnReport.outcome(120, "x").text()).isEqualTo("Unable to run qmail-local.\n");
        assertThat(LspawnReport.outcome(121, "x").text()).isEqualTo("Unable to run qmail-getpw.\n");
        assertThat(LspawnReport.outcome(126, "x")).isEqualTo(new Outcome.Failed("Unable to run qmail-local.\n"));
        for (int temporary : new int[] {111, 71, 74, 75}) {
            assertThat(LspawnReport.outcome(temporary, "x")).isEqualTo(new Outcome.Deferred("x"));
        }
        for (int permanent : new int[] {100, 1, 99, 255}) {
            assertThat(LspawnReport.outcome(permanent, "x")).isEqualTo(new Outcome.Failed("x"));
        }
        assertThat(LspawnReport.outcome(0, "x")).isEqualTo(new Outcome.Delivered("x"));
    }

    @Test
    void qmailNewuLeavesTheOldDatabaseAloneWhenItFails() throws Exception {
        assertNewu("unable to open users/assign");
        Files.createDirectory(home.users().resolve("assign"));
        assertNewu("unable to read users/assign");
        Files.delete(home.users().resolve("assign"));
        assign("=ann:ann:1:1:/:::\n.\n");
        byte[] old = Files.readAllBytes(home.users().resolve("cdb"));
        Files.writeString(home.users().resolve("assign"), "=ann:ann\n.\n");
        assertNewu("bad format in users/assign");
        Files.createDirectory(home.users().resolve("cdb.tmp"));
        Files.writeString(home.users().resolve("assign"), ".\n");
        assertNewu("unable to open users/cdb.tmp");
        assertThat(Files.readAllBytes(home.users().resolve("cdb"))).isEqualTo(old);
        Files.delete(home.users().resolve("cdb.tmp"));
        Files.delete(home.users().resolve("cdb"));
        Files.createDirectories(home.users().resolve("cdb/full"));
        assertNewu("unable to move users/cdb.tmp to users/cdb");
        home = new Home(directory.resolve("none"));
        assertNewu("unable to chdir");
    }

    @Test
    void theDatabaseHasTheSizeThatTheFormatGivesIt() throws Exception {
        assign("=ann:ann:1042:1042:/home/ann:::\n.\n");
        int records = (8 + 5 + 25) + 8;
        assertThat(Files.size(home.users().resolve("cdb"))).isEqualTo(2048 + records + 2 * 16);
    }

    @Test
    void theDatabaseIsMadeByteForByteAsTheFormatIsDrawn() throws Exception {
        assign("=Ann:ann:1042:1042:/home/ann:::\n+ann-:ann:1042:1042:/home/ann:-::\n.\n");
        byte[] cdb = Files.readAllBytes(home.users().resolve("cdb"));
        String exact = "!ann\0" + "ann\0" + "1042\0" + "1042\0" + "/home/ann\0\0";
        String prefix = "!ann-" + "ann\0" + "1042\0" + "1042\0" + "/home/ann\0-\0";
        String records = "\5\0\0\0\31\0\0\0" + exact + "\5\0\0\0\32\0\0\0" + prefix + "\0\0\0\0\1\0\0\0-";
        assertThat(Octets.text(cdb, 2048, records.length())).isEqualTo(records);
        assertThat(cdb).hasSize(2048 + records.length() + 3 * 16);
        // The empty key hashes to 5381, which is table 5: its one record is found at the start of one of two slots.
        ByteBuffer numbers = ByteBuffer.wrap(cdb).order(ByteOrder.LITTLE_ENDIAN);
        int table = numbers.getInt(5 * 8);
        assertThat(numbers.getInt(5 * 8 + 4)).isEqualTo(2);
        int slot = table + 8 * ((5381 >> 8) % 2);
        assertThat(numbers.getInt(slot)).isEqualTo(5381);
        assertThat(numbers.getInt(slot + 4)).isEqualTo(2048 + (8 + exact.length()) + (8 + prefix.length()));
    }

    @Test
    void everybodyMayReadTheDatabaseWhateverTheMaskOfItsMaker() throws Exception {
        assign(".\n");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(home.users().resolve("cdb"))))
                .isEqualTo("rw-r--r--");
        assertThat(home.users().resolve("cdb.tmp")).doesNotExist();
    }

    private void assertNewu(String text) {
        assertThatThrownBy(() -> new QmailNewu(home).run(call(new ByteArrayOutputStream())))
                .hasMessage("qmail-newu: fatal: " + text)
                .extracting(e -> ((Complaint) e).exitCode())
                .isEqualTo(111);
    }

    private void assertReport(String local, LspawnReport report, String text) {
        assertThatThrownBy(() -> lookup.find(local))
                .isInstanceOfSatisfying(
                        LookupFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(report.exitCode()));
        assertThat(report.outcome().text()).isEqualTo(text);
    }

    private void assign(String assignments) throws IOException {
        Files.writeString(home.users().resolve("assign"), assignments);
        assertThat(new QmailNewu(home).run(call(new ByteArrayOutputStream()))).isZero();
    }

    private void account(String name, int uid, Path itsHome) {
        accounts.put(name, new Account(name, uid, uid, itsHome.toString(), "/bin/sh", "x"));
    }

    /** A directory whose owner is not root, also where root runs the tests. */
    private Path foreignHome() throws IOException {
        Path itsHome = Files.createDirectory(directory.resolve("foreign"));
        if (ownUid == 0) {
            Files.setAttribute(itsHome, "unix:uid", 1042);
        }
        return itsHome;
    }

    private static int uidOf(Path file) throws IOException {
        return FileStatus.of(file).uid();
    }

    private Call call(ByteArrayOutputStream out, String... arguments) {
        return new Call(
                "test",
                List.of(arguments),
                Environment.empty(),
                Descriptors.none().with(1, out),
                directory);
    }
}
