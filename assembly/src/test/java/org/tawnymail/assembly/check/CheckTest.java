package org.tawnymail.assembly.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.cdb.CdbWriter;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.local.users.QmailNewu;

/** A home without a mistake, and the same home with each mistake in turn. */
class CheckTest {

    private static final FileTime LONG_AGO = FileTime.fromMillis(0);

    @TempDir
    private Path directory;

    private Path home;

    /** Makes one mistake in a home. */
    interface Mistake {
        void in(CheckTest test) throws IOException;
    }

    @BeforeEach
    void aHomeWithoutMistakes() throws IOException {
        home = directory.resolve("home");
        for (String folder : List.of("control", "alias", "users", "queue", "ann", "bin")) {
            Path made = Files.createDirectories(home.resolve(folder));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx------"));
        }
        giveAwayIfRoot(home.resolve("ann"));
        giveAwayIfRoot(home.resolve("alias"));
        write("control/me", "mail.corp.example\n");
        write("control/locals", "Corp.Example\nmail.corp.example\nlocalhost\n");
        write("control/rcpthosts", "corp.example\n.corp.example\nshop.test\n");
        write("control/virtualdomains", "shop.test:ann-shop\n");
        write("control/smtproutes", "far.test:192.0.2.7:2525\nv6.test:[::1]:25\n.in.test:\n");
        write("control/badmailfrom", "@spam.test\n");
        write("control/concurrencylocal", "20\n");
        for (String name : List.of("postmaster", "mailer-daemon", "root")) {
            write("alias/.qmail-" + name, "&ann@corp.example\n");
        }
        for (String part : List.of("tmp", "new", "cur")) {
            Files.createDirectories(home.resolve("ann/Maildir").resolve(part));
        }
        write("ann/.qmail", "# mine\n./Maildir/\n|forward friend@far.test\n|test -n \"$SENDER\" || exit 99\n");
        write("ann/.qmail-shop-default", "ann@corp.example\n./Mailbox\n");
        write("bin/forward", "");
        write("users/mailboxes", "ann@corp.example:!:" + home.resolve("ann") + "\n");
        Files.setPosixFilePermissions(home.resolve("users/mailboxes"), PosixFilePermissions.fromString("rw-------"));
        assign(assignments(uid()));
    }

    @Test
    void aHomeWithoutMistakesHasNone() throws IOException {
        assertThat(check(0)).isEqualTo("no mistakes found in " + home + "\n");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeIsNamedWithItsFileInOneLine(String line, Mistake mistake) throws IOException {
        mistake.in(this);
        String expected = line.replace("HOME", home.toString());
        assertThat(check(line.startsWith("error") ? 100 : 1).lines())
                .filteredOn(found -> found.startsWith(expected) && found.contains("; "))
                .hasSize(1);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("error: HOME/control/me is missing", test -> Files.delete(test.home.resolve("control/me"))),
                writing("error: HOME/control/me holds \"two words\"", "control/me", "two words\n"),
                writing("error: HOME/control/me has carriage returns", "control/me", "mail.corp.example\r\n"),
                writing("warning: HOME/control/me has more than one line", "control/me", "mail.corp.example\nb.test\n"),
                writing(
                        "error: HOME/control/concurrencyremote holds \"10k\", which counts as 10",
                        "control/concurrencyremote",
                        "10k\n"),
                writing(
                        "warning: HOME/control/concurrencyremote counts as 2000",
                        "control/concurrencyremote",
                        "9999\n"),
                mistake(
                        "error: HOME/control/smtpgreeting cannot be read: is a directory",
                        test -> Files.createDirectory(test.home.resolve("control/smtpgreeting"))),
                mistake(
                        "error: HOME/control/rcpthosts is missing",
                        test -> Files.delete(test.home.resolve("control/rcpthosts"))),
                mistake("warning: HOME/control/openrelay makes this host an open relay", test -> {
                    Files.delete(test.home.resolve("control/rcpthosts"));
                    test.write("control/openrelay", "1\n");
                }),
                writing(
                        "error: HOME/control/virtualdomains has corp.example, which locals has too",
                        "control/virtualdomains",
                        "corp.example:ann-shop\n"),
                writing(
                        "warning: HOME/control/locals has b.test, which rcpthosts has not",
                        "control/locals",
                        "corp.example\nb.test\n"),
                writing(
                        "warning: HOME/control/virtualdomains has club.test, which rcpthosts has not",
                        "control/virtualdomains",
                        "club.test:ann-shop\n"),
                writing(
                        "error: HOME/control/virtualdomains sends shop.test to ann-shp, and there is no HOME/ann/.qmail-shp",
                        "control/virtualdomains",
                        "shop.test:ann-shp\n"),
                writing(
                        "error: HOME/control/virtualdomains has the line \"shop.test\"",
                        "control/virtualdomains",
                        "shop.test\n"),
                writing(
                        "error: HOME/control/virtualdomains has the line \" shop.test:ann-shop\"",
                        "control/virtualdomains",
                        " shop.test:ann-shop\n"),
                writing(
                        "warning: HOME/control/virtualdomains has \"SHOP.test\" twice",
                        "control/virtualdomains",
                        "shop.test:ann-shop\nSHOP.test:ann-shop\n"),
                writing("error: HOME/control/smtproutes has the line \"far.test\"", "control/smtproutes", "far.test\n"),
                writing(
                        "error: HOME/control/smtproutes has the line \"far.test:relay.test:99999\"",
                        "control/smtproutes",
                        "far.test:relay.test:99999\n"),
                writing(
                        "error: HOME/control/smtproutes has the line \"far.test:mail.corp.example\", which leads back",
                        "control/smtproutes",
                        "far.test:mail.corp.example\n"),
                writing("error: HOME/control/rcpthosts has the line \"a b\"", "control/rcpthosts", "a b\n"),
                writing(
                        "warning: HOME/control/badmailfrom has the line \"spam.test\" without @",
                        "control/badmailfrom",
                        "spam.test\n"),
                writing(
                        "error: HOME/control/smtproutes has the line \"far.test:127.0.0.1\", which leads back",
                        "control/smtproutes",
                        "far.test:127.0.0.1\nother.test:127.0.0.1:10025\n"),
                writing(
                        "error: HOME/control/locals has the line \".corp.example\", which is no host's name",
                        "control/locals",
                        "corp.example\n.corp.example\n"),
                writing(
                        "error: HOME/control/qmqpservers has the line \"hub.corp.example\", which is passed over",
                        "control/qmqpservers",
                        "192.0.2.1 first\nhub.corp.example\n[2001:db8::1]:628\n"),
                writing(
                        "warning: HOME/control/doublebounceto holds \"joe@corp.example\", and doublebouncehost",
                        "control/doublebounceto",
                        "joe@corp.example\n"),
                writing(
                        "error: HOME/control/defaultdelivery forwards all mail to the address \"Maildir/\"",
                        "control/defaultdelivery",
                        "Maildir/\n"),
                writing(
                        "error: HOME/control/morercpthosts has no effect: morercpthosts.cdb does not exist",
                        "control/morercpthosts",
                        "more.test\n"),
                mistake("error: HOME/control/morercpthosts is newer than morercpthosts.cdb", test -> {
                    test.write("control/morercpthosts", "more.test\n");
                    test.emptyDatabase("control/morercpthosts.cdb");
                    Files.setLastModifiedTime(test.home.resolve("control/morercpthosts.cdb"), LONG_AGO);
                }),
                writing("error: HOME/control/tcp.smtp.cdb is a damaged database", "control/tcp.smtp.cdb", "x"),
                writing(
                        "error: HOME/control/tcp.smtp has the line \":allow,RELAYCLIENT=\"\"\": everyone may relay",
                        "control/tcp.smtp",
                        "127.:allow\n:allow,RELAYCLIENT=\"\"\n"),
                writing(
                        "warning: HOME/control/rcphosts is read by nothing; did you mean rcpthosts?",
                        "control/rcphosts",
                        "x\n"),
                mistake(
                        "error: HOME/users/assign is newer than cdb",
                        test -> Files.setLastModifiedTime(test.home.resolve("users/cdb"), LONG_AGO)),
                writing("error: HOME/users/cdb is a damaged database", "users/cdb", "x"),
                writing(
                        "error: HOME/users/assign has a malformed line 1: \"=ann:ann\"",
                        "users/assign",
                        "=ann:ann\n.\n"),
                writing(
                        "error: HOME/users/assign does not end with a line that is a dot",
                        "users/assign",
                        "=ann:ann:1:1:/:::\n"),
                mistake("error: HOME/users/assign assigns =ann to uid 0", test -> test.assign(test.assignments(0))),
                mistake(
                        "error: HOME/users/assign has the home HOME/gone in line 1, which does not exist",
                        test -> test.assign("=ann:ann:1:1:" + test.home + "/gone:::\n.\n")),
                mistake(
                        "warning: HOME/users/assign gives uid 4242 the home HOME/ann in line 1",
                        test -> test.assign(test.assignments(4242))),
                mistake(
                        "error: HOME/users/assign has +annX in line 1, which never matches",
                        test -> test.assign("+annX:ann:1:1:" + test.home + "/ann:-::\n.\n")),
                writing("error: HOME/users/mailboxes has a malformed line 1", "users/mailboxes", "ann\n"),
                writing(
                        "error: HOME/users/mailboxes gives kim@corp.example the mailbox HOME/kim, which does not exist",
                        "users/mailboxes",
                        "kim@corp.example:!:kim\n"),
                writing(
                        "error: HOME/users/mailboxes gives ann@corp.example the mailbox HOME/alias, which has no Maildir",
                        "users/mailboxes",
                        "ann@corp.example:!:alias\n"),
                allowing("error: HOME/users/mailboxes may be read by everybody", "users/mailboxes", "rw-r--r--"),
                mistake(
                        "error: HOME/alias/.qmail-root is missing",
                        test -> Files.delete(test.home.resolve("alias/.qmail-root"))),
                allowing("error: HOME/ann may be written by everybody", "ann", "rwxrwxrwx"),
                mistake(
                        "warning: HOME/ann is sticky",
                        test -> Files.setAttribute(test.home.resolve("ann"), "unix:mode", 01700)),
                allowing("error: HOME/ann/.qmail may be written by everybody", "ann/.qmail", "rw-rw-rw-"),
                allowing(
                        "error: HOME/ann/.qmail has the line \"./Maildir/\" and may only forward",
                        "ann/.qmail",
                        "rwx------"),
                writing(
                        "error: HOME/ann/.qmail has the line \"./Mailbox\" and may only forward",
                        "ann/.qmail",
                        "+list\n./Mailbox\n"),
                writing("error: HOME/ann/.qmail has a blank first line", "ann/.qmail", "\n./Maildir/\n"),
                writing("warning: HOME/ann/.qmail forwards to the address \"Maildir/\"", "ann/.qmail", "Maildir/\n"),
                writing(
                        "warning: HOME/ann/.qmail forwards to the address \"preline procmail\"",
                        "ann/.qmail",
                        "preline procmail\n"),
                writing(
                        "warning: HOME/ann/.qmail forwards to the address \"Kim <kim@far.test>\"",
                        "ann/.qmail",
                        "&Kim <kim@far.test>\n"),
                writing("warning: HOME/ann/.qmail-List is used for no address", "ann/.qmail-List", "&kim@far.test\n"),
                writing("warning: HOME/ann/.qmail-a.b is used for no address", "ann/.qmail-a.b", "&kim@far.test\n"),
                writing("error: HOME/ann/.qmail delivers to ./Mail/", "ann/.qmail", "./Mail/\n"),
                writing(
                        "error: HOME/ann/.qmail delivers to the folder ./Maildir as to a file",
                        "ann/.qmail",
                        "./Maildir\n"),
                writing(
                        "error: HOME/ann/.qmail runs no-such-program, which is not to be found",
                        "ann/.qmail",
                        "|no-such-program -x\n"),
                writing("error: HOME/ann/.qmail has carriage returns", "ann/.qmail", "./Maildir/\r\n"),
                allowing("error: HOME/control may be written by everybody", "control", "rwxrwxrwx"),
                allowing("error: HOME/queue is open to everybody", "queue", "rwxr-xr-x"),
                mistake("warning: HOME/queue has mail in qmail's own files", CheckTest::leaveMailToAFormerQmail));
    }

    @Test
    void aQueueThatEverybodyMayPassThroughIsRightAndItsPartsStayClosed() throws IOException {
        Path queue = home.resolve("queue");
        Path journal = Files.createDirectory(queue.resolve("journal"));
        Files.setPosixFilePermissions(journal, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(queue, PosixFilePermissions.fromString("rwx--x--x"));
        check(0);
        Files.setPosixFilePermissions(journal, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(check(100)).contains("error: " + home + "/queue/journal is open to everybody");
    }

    /** Preprocessed mail; what has no envelope was never accepted. */
    private void leaveMailToAFormerQmail() throws IOException {
        for (String file : List.of("mess/3/2172698", "info/3/2172698", "mess/4/2172699")) {
            Files.createDirectories(home.resolve("queue").resolve(file).getParent());
            write("queue/" + file, "x");
        }
    }

    @Test
    void whoAdoptsTheMailOfAFormerQmailIsNotToldThatThereIsSome() throws IOException {
        leaveMailToAFormerQmail();
        assertThat(check(0, new Check(home.resolve("bin"), directory.resolve("passwd")).forAdoption()))
                .startsWith("no mistakes found");
    }

    @Test
    void mailThatWasSetAsideAndStrangersInTheJournalAreNamed() throws IOException {
        for (String folder : List.of("journal/0000000007", "damaged")) {
            Files.createDirectories(home.resolve("queue").resolve(folder));
        }
        for (String part : List.of("journal", "damaged")) {
            Files.setPosixFilePermissions(
                    home.resolve("queue").resolve(part), PosixFilePermissions.fromString("rwx------"));
        }
        write("queue/journal/0000000008", "");
        write("queue/journal/spare.0000000001", "");
        write("queue/journal/numbers", "");
        write("queue/journal/0000000008.bak", "");
        write("queue/damaged/12.msg", "");
        write("queue/damaged/12.env.damaged", "");
        assertThat(check(100))
                .isEqualTo("error: " + home
                        + "/queue/damaged holds 2 files of damaged mail, which nobody delivers; look at"
                        + " what bin/queue salvage writes out, send it on, and move them away\n"
                        + "error: " + home
                        + "/queue/journal/0000000007 is no file: mail cannot be read from it; move it"
                        + " away\n"
                        + "warning: " + home
                        + "/queue/journal/0000000008.bak is no file of the journal; move it away\n");
    }

    @Test
    void aHomeThatIsNotThereIsNamed() throws IOException {
        home = directory.resolve("absent");
        assertThat(check(111))
                .isEqualTo("tawny: fatal: " + home + " is no folder; name a home, as in: tawny check /var/qmail");
    }

    @Test
    void theAccountsOfTheSystemCountWhereNotEverybodyIsAssigned() throws IOException {
        assign(assignments(uid()).replaceFirst("(?m)^\\+:.*\n", ""));
        Path bob = Files.createDirectory(directory.resolve("bob"));
        giveAwayIfRoot(bob);
        Files.writeString(bob.resolve(".qmail"), "./Gone/\n");
        Files.writeString(
                directory.resolve("passwd"),
                "root:x:0:0::/root:\nbob:x:" + FileStatus.of(bob).uid() + ":1::" + bob + ":\n");
        assertThat(check(100)).contains("error: " + bob + "/.qmail delivers to ./Gone/");
    }

    @Test
    void nothingIsChanged() throws IOException {
        FileTime before = Files.getLastModifiedTime(home.resolve("control"));
        check(0);
        assertThat(Files.getLastModifiedTime(home.resolve("control"))).isEqualTo(before);
        assertThat(home.resolve("queue")).isEmptyDirectory();
    }

    private static Arguments mistake(String line, Mistake mistake) {
        return arguments(line, mistake);
    }

    private static Arguments writing(String line, String file, String content) {
        return arguments(line, (Mistake) test -> test.write(file, content));
    }

    private static Arguments allowing(String line, String file, String permissions) {
        return arguments(line, (Mistake) test ->
                Files.setPosixFilePermissions(test.home.resolve(file), PosixFilePermissions.fromString(permissions)));
    }

    private String check(int exitCode) throws IOException {
        return check(exitCode, new Check(directory.resolve("home/bin"), directory.resolve("passwd")));
    }

    private String check(int exitCode, Check program) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Call call = new Call(
                "check",
                List.of(home.toString()),
                Environment.empty().with("PATH", "/usr/bin:/bin"),
                Descriptors.none().with(1, out),
                directory);
        try {
            assertThat(program.run(call)).as(out.toString(ISO_8859_1)).isEqualTo(exitCode);
        } catch (Complaint complaint) {
            assertThat(complaint.exitCode()).isEqualTo(exitCode);
            return complaint.line();
        }
        return out.toString(ISO_8859_1);
    }

    /** Mail is never root's. */
    private static void giveAwayIfRoot(Path home) throws IOException {
        if (ThisProcess.effectiveUid() == 0) {
            Files.setAttribute(home, "unix:uid", 4711);
        }
    }

    private int uid() throws IOException {
        return FileStatus.of(home.resolve("ann")).uid();
    }

    private String assignments(int uid) {
        return "=ann:ann:" + uid + ":1:" + home + "/ann:::\n"
                + "+ann-:ann:" + uid + ":1:" + home + "/ann:-::\n"
                + "+:alias:" + uid + ":1:" + home + "/alias:-::\n.\n";
    }

    private void assign(String text) throws IOException {
        write("users/assign", text);
        Call call = new Call("qmail-newu", List.of(), Environment.empty(), Descriptors.none(), home);
        assertThat(new QmailNewu(new Home(home)).run(call)).isZero();
    }

    private void emptyDatabase(String name) throws IOException {
        try (CdbWriter writer = CdbWriter.create(home.resolve(name + ".tmp"))) {
            writer.finish(home.resolve(name));
        }
    }

    private void write(String name, String content) throws IOException {
        Files.write(home.resolve(name), Octets.of(content));
    }
}
