package org.tawnymail.local.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Account;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.process.OwnProgram;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;

class QmailPw2uTest {

    private static final String PASSWD = """
            root:x:0:0:root:/root:/bin/sh
            ann:x:1042:1043:Ann:/home/ann:/bin/sh
            alias:x:7790:2108::/var/qmail/alias:/bin/true
            """;

    private record Result(int code, String out, String err) {}

    @TempDir
    private Path directory;

    private Home home;
    private int ownUid;

    @BeforeEach
    void makeTheHouse() throws IOException {
        home = new Home(directory.resolve("qmail"));
        Files.createDirectories(home.users());
        ownUid = FileStatus.of(directory).uid();
    }

    @Test
    void everyAccountGetsItsNameAndItsExtensionsAndAliasEverythingElse() {
        assertThat(pw2u(PASSWD, "-H")).isEqualTo(new Result(0, """
                =ann:ann:1042:1043:/home/ann:::
                +ann-:ann:1042:1043:/home/ann:-::
                +:alias:7790:2108:/var/qmail/alias:-::
                =alias:alias:7790:2108:/var/qmail/alias:::
                +alias-:alias:7790:2108:/var/qmail/alias:-::
                .
                """, ""));
    }

    @Test
    void theDelimiterMayBeAnotherOrNone() {
        assertThat(pw2u(PASSWD, "-Hc+").out()).contains("\n+ann+:ann:1042:1043:/home/ann:-::\n");
        assertThat(pw2u(PASSWD, "-H", "-c", "_").out()).contains("\n+ann_:ann:1042:1043:/home/ann:-::\n");
        assertThat(pw2u(PASSWD, "-HC").out()).isEqualTo("""
                =ann:ann:1042:1043:/home/ann:::
                +:alias:7790:2108:/var/qmail/alias:-::
                =alias:alias:7790:2108:/var/qmail/alias:::
                .
                """);
    }

    @Test
    void extensionFilesMayLieInADirectory() {
        assertThat(pw2u(PASSWD, "-H/").out())
                .contains("\n+ann-:ann:1042:1043:/home/ann:-/::\n")
                .contains("+:alias:7790:2108:/var/qmail/alias:-/::\n")
                .contains("=ann:ann:1042:1043:/home/ann:::\n");
    }

    @Test
    void namesWithCapitalsAreTakenOnlyIfToldSo() {
        String passwd = PASSWD + "Bob:x:1050:1050::/home/bob:/bin/sh\n";
        assertThat(pw2u(passwd, "-H").out()).doesNotContain("Bob");
        assertThat(pw2u(passwd, "-uHU").out()).doesNotContain("Bob");
        assertThat(pw2u(passwd, "-UHu").out()).contains("=Bob:Bob:1050:1050:/home/bob:::\n+Bob-:Bob:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short:x:1050:1050::/home/short",
                "n\0ul:x:1050:1050::/home/nul:/bin/sh",
                "zero:x:0:0::/home/zero:/bin/sh",
                "none:x::0::/home/none:/bin/sh",
                "wraps:x:4294967296:0::/home/wraps:/bin/sh",
                ""
            })
    void linesThatMakeNoReceiverOfMailAreSkipped(String line) {
        assertThat(pw2u(line + "\n" + PASSWD, "-H")).isEqualTo(pw2u(PASSWD, "-H"));
    }

    @Test
    void aLastLineWithoutItsEndCounts() {
        assertThat(pw2u(PASSWD + "bob:x:1050:1050::/home/bob:/bin/sh", "-H").out())
                .contains("=bob:bob:1050:1050:/home/bob:::\n");
    }

    @Test
    void byDefaultWhoDoesNotOwnTheirHomeIsSkipped() throws IOException {
        Path owned = Files.createDirectory(directory.resolve("owned"));
        String passwd = "mine:x:" + (ownUid == 0 ? 1 : ownUid) + ":1::" + owned + ":/bin/sh\n"
                + "gone:x:1050:1::" + directory.resolve("gone") + ":/bin/sh\n"
                + "theirs:x:1051:1::" + owned + ":/bin/sh\n"
                + aliasAt(owned);
        chown(owned);
        for (String[] options : new String[][] {{}, {"-o"}, {"-Ho"}}) {
            Result result = pw2u(passwd, options);
            assertThat(result.code()).isZero();
            assertThat(result.out()).contains("=mine:").doesNotContain("gone").doesNotContain("theirs");
        }
        assertThat(pw2u(passwd, "-H").out()).contains("=gone:").contains("=theirs:");
        assertThat(pw2u(passwd, "-h"))
                .extracting(Result::code, Result::err)
                .containsExactly(111, "qmail-pw2u: fatal: unable to stat " + directory.resolve("gone") + "\n");
    }

    @Test
    void includeAndExcludeChooseTheUsers() throws IOException {
        String passwd = PASSWD + "bob:x:1050:1050::/home/bob:/bin/sh\n";
        users("include", "# these\nANN\n\nalias\n");
        assertThat(pw2u(passwd, "-H").out())
                .contains("=ann:")
                .contains("=alias:")
                .doesNotContain("bob");
        users("exclude", "ann\n");
        assertThat(pw2u(passwd, "-H").out()).doesNotContain("ann").contains("=alias:");
        Files.delete(home.users().resolve("include"));
        assertThat(pw2u(passwd, "-H").out()).doesNotContain("ann").contains("=bob:");
    }

    @Test
    void mailnamesTakeThePlaceOfTheUsersName() throws IOException {
        users("mailnames", "ann:Ann.Smith::asmith\n");
        assertThat(pw2u(PASSWD, "-H").out()).startsWith("""
                =Ann.Smith:ann:1042:1043:/home/ann:::
                +Ann.Smith-:ann:1042:1043:/home/ann:-::
                =asmith:ann:1042:1043:/home/ann:::
                +asmith-:ann:1042:1043:/home/ann:-::
                +:alias:
                """.stripTrailing());
    }

    @Test
    void subusersAreExtensionsUnderANameOfTheirOwnAndWhatIsAppendedComesLast() throws IOException {
        users("subusers", "sales:ann:sales:\n# no comment:ann:x:\nincomplete:ann:x\n\nbilling:ann:money:and more");
        users("append", "=extra:u:1:2:/h:::\n+x");
        assertThat(pw2u(PASSWD, "-H").out()).endsWith("""
                +alias-:alias:7790:2108:/var/qmail/alias:-::
                =sales:ann:1042:1043:/home/ann:-:sales:
                +sales-:ann:1042:1043:/home/ann:-:sales-:
                =# no comment:ann:1042:1043:/home/ann:-:x:
                +# no comment-:ann:1042:1043:/home/ann:-:x-:
                =billing:ann:1042:1043:/home/ann:-:money:
                +billing-:ann:1042:1043:/home/ann:-:money-:
                =extra:u:1:2:/h:::
                +x
                .
                """);
        assertThat(pw2u(PASSWD, "-HC").out()).contains("=sales:ann:").doesNotContain("+sales");
    }

    @Test
    void aSubuserOfNobodyIsFatal() throws IOException {
        users("subusers", "sales:carol:sales:\n");
        assertThat(pw2u(PASSWD, "-H"))
                .extracting(Result::code, Result::err)
                .containsExactly(111, "qmail-pw2u: fatal: unable to find carol user for subuser\n");
    }

    @Test
    void withoutAnAliasAccountThereIsNoFile() throws IOException {
        assertFatal("unable to find alias user", pw2u("ann:x:1:1::/home/ann:/bin/sh\n", "-H"));
        users("exclude", "alias\n");
        assertFatal("unable to find alias user", pw2u(PASSWD, "-H"));
    }

    @Test
    void whatCannotBeReadOrWrittenIsFatal() throws IOException {
        Files.createDirectory(home.users().resolve("include"));
        assertFatal("unable to read controls", pw2u(PASSWD, "-H"));
        Files.delete(home.users().resolve("include"));
        Files.createDirectory(home.users().resolve("append"));
        assertFatal("unable to read controls", pw2u(PASSWD, "-H"));
        Files.delete(home.users().resolve("append"));
        assertFatal("unable to read input", pw2u("x".repeat(100_000) + "\n" + PASSWD, "-H"));
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertFatal("unable to write output", run(new QmailPw2u(home), PASSWD, full, "-H"));
        Result noHome =
                run(new QmailPw2u(new Home(directory.resolve("none"))), PASSWD, OutputStream.nullOutputStream(), "-H");
        assertFatal("unable to chdir", noHome);
    }

    @Test
    void wrongUsageIsToldInOneLine() {
        assertThat(pw2u(PASSWD, "-x")).isEqualTo(new Result(100, "", """
                qmail-pw2u: illegal option -- x
                qmail-pw2u: usage: qmail-pw2u [ -/ohHuUC ] [ -cCHAR ]
                """));
    }

    /** passwd -> qmail-pw2u -> users/assign -> qmail-newu -> users/cdb -> look-up, against qmail-getpw on the same accounts. */
    @ParameterizedTest
    @CsvSource({
        "ann, ann",
        "Ann, ann",
        "ann-list, ann-list",
        "ann-List-x, ann-list",
        "ann-lis, ann",
        "ann-, ann",
        "ann--x, ann",
        "an, alias",
        "annx, alias",
        "Nobody-Here, alias",
        "alias, alias",
        "alias-x, alias",
        "root, alias",
        "root-x, alias",
        "bob, alias",
        "-, alias",
        "-ann, alias"
    })
    void theCompiledAssignmentsGiveTheSameUsersAsTheAccounts(String local, String user) throws Exception {
        Path own = Files.createDirectory(directory.resolve("own"));
        chown(own);
        int uid = FileStatus.of(own).uid();
        Map<String, Account> accounts = new HashMap<>();
        StringBuilder passwd = new StringBuilder();
        account(accounts, passwd, "root", 0, own);
        account(accounts, passwd, "ann", uid, own);
        account(accounts, passwd, "ann-list", uid, own);
        account(accounts, passwd, "bob", uid + 1, own);
        account(accounts, passwd, "alias", uid, own);

        Files.writeString(
                home.users().resolve("assign"), pw2u(passwd.toString()).out());
        assertThat(run(new QmailNewu(home), "", OutputStream.nullOutputStream()))
                .isEqualTo(new Result(0, "", ""));

        PasswdLookup getpw = new PasswdLookup(name -> Optional.ofNullable(accounts.get(name)));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        run(new QmailGetpw(getpw), "", printed, local);
        LocalUser found = new UsersDatabase(home).find(local).orElseThrow();
        assertThat(found.encoded()).isEqualTo(Octets.text(printed.toByteArray()));
        assertThat(found.name()).isEqualTo(user);
    }

    private static void account(Map<String, Account> accounts, StringBuilder passwd, String name, int uid, Path at) {
        accounts.put(name, new Account(name, uid, 2108, at.toString(), "/bin/sh", "x"));
        passwd.append(name)
                .append(":x:")
                .append(uid)
                .append(":2108::")
                .append(at)
                .append(":/bin/sh\n");
    }

    /** Root owns what it makes in tests, and root gets no mail. */
    private static void chown(Path file) throws IOException {
        if (FileStatus.of(file).uid() == 0) {
            Files.setAttribute(file, "unix:uid", 1);
        }
    }

    private static String aliasAt(Path at) throws IOException {
        int uid = FileStatus.of(at).uid();
        return "alias:x:" + (uid == 0 ? 1 : uid) + ":1::" + at + ":/bin/true\n";
    }

    private void users(String file, String content) throws IOException {
        Files.writeString(home.users().resolve(file), content);
    }

    private static void assertFatal(String what, Result result) {
        assertThat(result)
                .extracting(Result::code, Result::err)
                .containsExactly(111, "qmail-pw2u: fatal: " + what + "\n");
    }

    private Result pw2u(String passwd, String... options) {
        return run(new QmailPw2u(home), passwd, new ByteArrayOutputStream(), options);
    }

    private Result run(Program program, String input, OutputStream out, String... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Descriptors descriptors = Descriptors.none()
                .with(0, new ByteArrayInputStream(Octets.of(input)))
                .with(1, out)
                .with(2, err);
        Call call = new Call("qmail-pw2u", List.of(arguments), Environment.empty(), descriptors, directory);
        int code = OwnProgram.run(program, call);
        String printed = out instanceof ByteArrayOutputStream bytes ? Octets.text(bytes.toByteArray()) : "";
        return new Result(code, printed, Octets.text(err.toByteArray()));
    }
}
