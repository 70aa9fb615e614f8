package org.tawnymail.pickup.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.pickup.login.MailboxAccounts.NotPossible;

class MailboxAccountsTest {

    @TempDir
    private Path directory;

    private MailboxAccounts accounts;

    @BeforeEach
    void anEmptyHome() {
        accounts = new MailboxAccounts(new Home(directory), new SecureRandom());
    }

    @Test
    void theFileHoldsAHashIsTheOwnersAloneAndIsTheOnlyThingLeft() throws Exception {
        accounts.add("kim@corp.test", "open sesame", "mailboxes/kim");
        assertThat(Files.readString(accounts.file()))
                .matches(
                        "kim@corp\\.test:\\$pbkdf2-sha256\\$100000\\$[A-Za-z0-9./]{22}\\$[A-Za-z0-9./]{43}:mailboxes/kim\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(accounts.file())))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(directory.resolve("users"))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrder("mailboxes", "mailboxes.lock");
        }
    }

    @Test
    void equalPasswordsHaveUnequalHashes() throws Exception {
        accounts.add("kim@corp.test", "open sesame", "a");
        accounts.add("lee@corp.test", "open sesame", "b");
        List<String> lines = Files.readAllLines(accounts.file());
        assertThat(lines.getFirst().split(":", -1)[1])
                .isNotEqualTo(lines.getLast().split(":", -1)[1]);
    }

    @Test
    void aNewPasswordChangesNothingElse() throws Exception {
        Files.createDirectories(directory.resolve("users"));
        Files.writeString(accounts.file(), "# ours\n\nKim@corp.test:!:mailboxes/kim:for later:x\nlee@corp.test:!:b\n");
        accounts.setPassword("kim@CORP.test", "open sesame");
        List<String> lines = Files.readAllLines(accounts.file());
        assertThat(lines).hasSize(4).startsWith("# ours", "").endsWith("lee@corp.test:!:b");
        assertThat(lines.get(2)).startsWith("Kim@corp.test:$pbkdf2").endsWith(":mailboxes/kim:for later:x");
        Mailbox kim = accounts.find("kim", Optional.empty()).orElseThrow();
        assertThat(kim.home()).isEqualTo(directory + "/mailboxes/kim");
        assertThat(kim.toString()).doesNotContain("pbkdf2");
    }

    @Test
    void aMailboxIsAddedOnceAndChangedOnlyIfItIsThere() throws Exception {
        accounts.add("kim@corp.test", "open sesame", "a");
        assertThatThrownBy(() -> accounts.add("KIM@corp.test", "x", "b"))
                .isInstanceOf(NotPossible.class)
                .hasMessage("there is a mailbox KIM@corp.test already");
        assertThatThrownBy(() -> accounts.setPassword("lee@corp.test", "x"))
                .isInstanceOf(NotPossible.class)
                .hasMessageStartingWith("there is no mailbox lee@corp.test in ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "kim",
                "@corp.test",
                "kim@",
                "a:b@corp.test",
                "a\nb@corp.test",
                "#a@b",
                "a b@c",
                "../a@b",
                "\u4e2d@b"
            })
    void aLoginThatCouldSpoilTheFileIsRefused(String login) {
        assertThatThrownBy(() -> accounts.add(login, "x", "a")).isInstanceOf(NotPossible.class);
        assertThat(accounts.file()).doesNotExist();
    }

    @Test
    void passwordsAndDirectoriesThatCannotBeUsedAreRefused() {
        for (String password : List.of("", "a\0b", "a\nb", "x".repeat(151), "\u20ac")) {
            assertThatThrownBy(() -> accounts.add("a@b", password, "a")).isInstanceOf(NotPossible.class);
        }
        for (String home : List.of("", "a:b", "a\nb")) {
            assertThatThrownBy(() -> accounts.add("a@b", "x", home)).isInstanceOf(NotPossible.class);
        }
        assertThat(accounts.file()).doesNotExist();
    }

    @Test
    void nobodysChangeIsLostWhenManyChangeAtOnce() throws Exception {
        List<Integer> numbers = IntStream.range(0, 20).boxed().toList();
        List<Callable<Integer>> additions = new ArrayList<>();
        for (int number : numbers) {
            additions.add(() -> {
                accounts.add("user" + number + "@corp.test", "p", "d");
                return number;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> addition : threads.invokeAll(additions)) {
                addition.get();
            }
        }
        assertThat(Files.readAllLines(accounts.file()).stream().map(line -> line.substring(0, line.indexOf('@'))))
                .containsExactlyInAnyOrderElementsOf(
                        numbers.stream().map(number -> "user" + number).toList());
    }

    @Test
    void theProgramReadsThePasswordFromItsInput() throws Exception {
        assertThat(run("secret\r\n", "kim@corp.test", "mailboxes/kim")).isZero();
        assertThat(matches("kim@corp.test", "secret")).isTrue();
        assertThat(run("other\nmore\n", "kim@corp.test")).isZero();
        assertThat(matches("kim@corp.test", "other")).isTrue();
        assertThat(matches("kim@corp.test", "secret")).isFalse();
    }

    @Test
    void theProgramSaysInOneLineWhatIsWrong() {
        assertComplaint(100, "mailboxpassword: usage: mailboxpassword name@domain [ directory ]", () -> run("x"));
        assertComplaint(
                100,
                "mailboxpassword: fatal: passwords are 1 to 150 octets long and hold no control characters",
                () -> run("\n", "kim@corp.test", "d"));
        assertComplaint(
                100,
                "mailboxpassword: fatal: there is no mailbox kim@corp.test in " + accounts.file(),
                () -> run("x\n", "kim@corp.test"));
    }

    private interface Action {
        int run() throws IOException;
    }

    private static void assertComplaint(int exitCode, String line, Action action) {
        assertThatThrownBy(action::run).isInstanceOfSatisfying(Complaint.class, complaint -> {
            assertThat(complaint.line()).isEqualTo(line);
            assertThat(complaint.exitCode()).isEqualTo(exitCode);
        });
    }

    private boolean matches(String login, String password) throws IOException {
        return accounts.find(login, Optional.empty())
                .flatMap(mailbox -> Pbkdf2Hash.parse(mailbox.storedPassword()))
                .orElseThrow()
                .matches(password);
    }

    private int run(String input, String... arguments) throws IOException {
        Descriptors descriptors = Descriptors.none().with(0, new ByteArrayInputStream(Octets.of(input)));
        return new MailboxPassword(accounts)
                .run(new Call("mailboxpassword", List.of(arguments), Environment.empty(), descriptors, directory));
    }
}
