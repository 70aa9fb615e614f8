package org.tawnymail.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.tawnymail.harness.PrivateMachine;

/** The installed system, started by root with qmail-start, used by an ordinary user of the machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstalledSystemTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Tells everything that qmail-start decides about a process, in a file named after it. */
    private static final String TELLER = """
            #!/bin/sh
            exec 9>TOLD/$(basename "$0")
            echo "arguments $*" >&9
            echo "pid $$" >&9
            echo "directory $(readlink /proc/$$/cwd)" >&9
            echo "mask $(umask)" >&9
            echo "environment $(tr '\\0' ' ' < /proc/$$/environ)" >&9
            for n in 0 1 2 3 4 5 6 7 8; do
                if [ -e /proc/$$/fd/$n ]; then
                    echo "fd $n $(readlink /proc/$$/fd/$n) $(grep -c 'flags:.*1$' /proc/$$/fdinfo/$n)" >&9
                fi
            done
            while IFS= read -r line; do
                case $line in Uid:* | Gid:* | Groups:* | SigBlk:* | SigIgn:*) printf '%s\\n' "$line" >&9 ;; esac
            done < /proc/$$/status
            echo end >&9
            """;

    private PrivateMachine machine;

    @BeforeAll
    void install() throws Exception {
        Optional<PrivateMachine> made = PrivateMachine.make();
        assumeTrue(made.isPresent(), "only root can have accounts of his own, and not in every container");
        machine = made.get();
        machine.run(Installation.shared().launcher().toString(), "install", home().toString());
        machine.run(home() + "/bin/config-fast", "mx.corp.example");
        machine.run("useradd", "-m", "-U", "-d", machine.directory() + "/kim", "kim");
        machine.run(PrivateMachine.as("kim", List.of(home() + "/bin/maildirmake", machine.directory() + "/kim/Maildir"))
                .toArray(String[]::new));
    }

    @AfterAll
    void remove() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void everyProcessGetsItsDescriptorsAndItsIdentityAndNothingElse() throws Exception {
        Path told = Files.createDirectory(machine.directory().resolve("told"));
        Path bin = Files.createDirectory(machine.directory().resolve("stand-ins"));
        machine.run("chmod", "777", told.toString());
        machine.run("usermod", "-a", "-G", "mail", "qmailr");
        for (String name : List.of("qmail-send", "qmail-lspawn", "qmail-rspawn", "logger")) {
            Path file = Files.writeString(bin.resolve(name), TELLER.replace("TOLD", told.toString()));
            assertThat(file.toFile().setExecutable(true, false)).isTrue();
        }
        Process process =
                start(machine.directory().resolve("out"), bin + ":/usr/bin:/bin", "./Maildir/", "logger", "qmail");
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Await.until("all have told", LIMIT, () -> {
            try (Stream<Path> files = Files.list(told)) {
                return files.filter(file -> readUnlessGone(file).endsWith("end\n"))
                                .count()
                        == 4;
            }
        });
        String send = Files.readString(told.resolve("qmail-send"));
        String local = Files.readString(told.resolve("qmail-lspawn"));
        String remote = Files.readString(told.resolve("qmail-rspawn"));
        String logger = Files.readString(told.resolve("logger"));
        String mail = id("-g", "qmailq");

        assertThat(send)
                .contains("arguments \n", "pid " + process.pid() + "\n", ids(id("-u", "qmailq"), mail, mail))
                .doesNotContain("fd 5", "fd 6", "fd 7", "fd 8");
        assertThat(local)
                .contains("arguments ./Maildir/\n", ids("0", mail, mail))
                .doesNotContain("fd 3", "fd 4");
        assertThat(remote)
                .contains("arguments \n", "Uid:\t" + id("-u", "qmailr"), "Gid:\t" + mail)
                .doesNotContain("fd 3", "fd 4");
        assertThat(groups(remote)).containsExactlyInAnyOrder(mail, id("-g", "mail"));
        String nobodys = id("-g", "qmaill");
        assertThat(logger)
                .contains("arguments qmail\n", ids(id("-u", "qmaill"), nobodys, nobodys), "fd 2 /dev/null")
                .doesNotContain("fd 3", "fd 4");

        for (String one : List.of(send, local, remote, logger)) {
            assertThat(one)
                    .contains("directory /\n", "mask 0077\n", "SigBlk:\t0000000000000000\n", "KEPT=yes")
                    .doesNotContain("JAVA");
        }
        // The same pipe at both of its ends, and the writing one where commands, reports and the log go out.
        assertThat(descriptor(send, 0)).isEqualTo(descriptor(logger, 0).replace(" 0", " 1"));
        assertThat(descriptor(send, 1)).isEqualTo(descriptor(local, 0).replace(" 0", " 1"));
        assertThat(descriptor(send, 2)).isEqualTo(descriptor(local, 1).replace(" 1", " 0"));
        assertThat(descriptor(send, 3)).isEqualTo(descriptor(remote, 0).replace(" 0", " 1"));
        assertThat(descriptor(send, 4)).isEqualTo(descriptor(remote, 1).replace(" 1", " 0"));
    }

    @Test
    void withoutALoggerTheLogGoesWhereDescriptorOneGoes() throws Exception {
        Path bin = Files.createDirectory(machine.directory().resolve("plain"));
        for (String name : List.of("qmail-lspawn", "qmail-rspawn")) {
            Files.writeString(bin.resolve(name), "#!/bin/sh\necho \"$@\" > " + machine.directory() + "/default\n");
        }
        Files.writeString(bin.resolve("qmail-send"), "#!/bin/sh\necho the log >&0\nexit 3\n");
        machine.run("sh", "-c", "chmod 755 " + bin + "/*");
        Path out = machine.directory().resolve("plain.out");
        Process process = start(out, bin + ":/usr/bin:/bin");
        assertThat(process.waitFor()).isEqualTo(3);
        assertThat(out).hasContent("the log\n");
    }

    @Test
    void aMissingAccountIsTheOnlyThingThatItComplainsOf() throws Exception {
        Path passwd = machine.directory().resolve("etc/passwd");
        String before = Files.readString(passwd);
        try {
            Files.writeString(passwd, before.replace("qmaill:", "nobodyll:"));
            PrivateMachine.Result result = machine.run(Map.of(), "", List.of(home() + "/bin/qmail-start"));
            assertThat(result.exitCode()).isEqualTo(111);
            assertThat(result.errors()).isEqualTo("fatal: unable to find user qmaill\n");
        } finally {
            Files.writeString(passwd, before);
        }
        PrivateMachine.Result nothingThere =
                machine.run(Map.of("PATH", "/usr/bin:/bin"), "", List.of(home() + "/bin/qmail-start", "./Maildir/"));
        assertThat(nothingThere.exitCode()).isEqualTo(111);
        assertThat(nothingThere.errors() + nothingThere.text()).isEmpty();
    }

    @Test
    void mailOfAnOrdinaryUserReachesAMaildirThatIsTheirsAlone() throws Exception {
        try (InstalledServer server = server()) {
            // Other tests of this class leave mail in the Maildir, and perhaps in the queue.
            List<Path> before = delivered("kim");
            inject("kim@mx.corp.example");
            Await.until("it is delivered", LIMIT, () -> deliveredToKim(before).isPresent());
            Path message = deliveredToKim(before).orElseThrow();
            assertThat(machine.run("stat", "-c", "%U:%G %a", message.toString()))
                    .isEqualTo("kim:kim 600\n");
            assertThat(Files.readString(message))
                    .startsWith("Return-Path: <kim@mx.corp.example>\nDelivered-To: kim@mx.corp.example\n")
                    .contains("invoked by uid " + id("-u", "kim") + ")");
            assertThat(server.log()).contains("info msg ", "from <kim@mx.corp.example> qp ", " uid " + id("-u", "kim"));
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void mailForThePostmasterIsTheAliasAccounts() throws Exception {
        try (InstalledServer server = server()) {
            machine.run(home() + "/bin/maildirmake", home() + "/alias/Maildir");
            machine.run("chown", "-R", "alias:qmail", home() + "/alias/Maildir");
            inject("postmaster@mx.corp.example");
            Await.until(
                    "it is delivered",
                    LIMIT,
                    () -> !mail(home().resolve("alias")).isEmpty());
            assertThat(machine.run(
                            "stat",
                            "-c",
                            "%U",
                            mail(home().resolve("alias")).getFirst().toString()))
                    .isEqualTo("alias\n");
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void hangupRereadsLocalsAndAlarmTriesEverythingAgain() throws Exception {
        Files.writeString(home().resolve("control/smtproutes"), "stuck.example:127.0.0.1:1\n");
        try (InstalledServer server = server()) {
            inject("kim@stuck.example");
            server.awaitLog("deferral: Sorry,_I_wasn't_able_to_establish_an_SMTP_connection._(#4.4.1)/");
            server.signal("ALRM");
            Await.until("a second try", LIMIT, () -> server.log().split("to remote kim@stuck.example", -1).length > 2);

            Files.writeString(home().resolve("control/locals"), "mx.corp.example\nclub.example\n");
            server.signal("HUP");
            Await.until("club.example is local", LIMIT, () -> {
                inject("kim@club.example");
                return server.log().contains("to local kim@club.example");
            });
            assertThat(server.stop()).isZero();
            assertThat(server.log()).endsWith("status: exiting\n");
        }
    }

    @Test
    void startedWithNohupItHearsItsSignalsAndOutlivesTheTerminal() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' HUP TERM; exec \"$@\"", "sh"));
        command.addAll(startCommand());
        try (InstalledServer server = InstalledServer.start(machine.command(command))) {
            Files.writeString(home().resolve("control/locals"), "mx.corp.example\nnohup.example\n");
            server.signal("HUP");
            machine.run("sh", "-c", "kill -HUP $(ps -o pid= --ppid " + server.pid() + ")");
            Await.until("nohup.example is local", LIMIT, () -> {
                inject("kim@nohup.example");
                return server.log().contains("to local kim@nohup.example");
            });
            server.awaitLog(": success: did_1+0+0/");
            assertThat(server.stop()).isZero();
            assertThat(server.log()).doesNotContain("alert:");
        }
    }

    @Test
    void mailThatIsSentWhileNothingRunsWaitsForTheNextStart() throws Exception {
        int before = delivered("kim").size();
        inject("kim@mx.corp.example");
        try (InstalledServer server = server()) {
            Await.until("it is delivered", LIMIT, () -> delivered("kim").size() > before);
            assertThat(server.stop()).isZero();
        }
        assertThat(machine.run(Map.of(), "", List.of(home() + "/bin/instcheck")).errors())
                .isEmpty();
    }

    @Test
    void theProcessesAreWhoTheyShouldBeAndEndWithQmailSend() throws Exception {
        try (InstalledServer server = server("sh", "-c", "id -un; exec cat")) {
            server.awaitLog("qmaill\n");
            String children = machine.run("ps", "-o", "user:12=,args=", "--ppid", String.valueOf(server.pid()));
            assertThat(children.lines().map(line -> line.substring(0, line.indexOf(' '))))
                    .containsExactlyInAnyOrder("root", "qmailr", "qmaill");
            assertThat(machine.run("ps", "-o", "user:12=", "-p", String.valueOf(server.pid()))
                            .strip())
                    .isEqualTo("qmailq");
            assertThat(machine.run("ps", "-o", "comm=", "-p", String.valueOf(server.pid())))
                    .as("what killall and pidof look for")
                    .isEqualTo("qmail-send\n");
            assertThat(machine.run("ps", "-o", "comm=", "--ppid", String.valueOf(server.pid())))
                    .contains("qmail-lspawn\n", "qmail-rspawn\n");
            List<String> pids = machine.run("ps", "-o", "pid=", "--ppid", String.valueOf(server.pid()))
                    .lines()
                    .map(String::strip)
                    .toList();
            assertThat(server.stop()).isZero();
            Await.until(
                    "the children have ended",
                    LIMIT,
                    () -> pids.stream().noneMatch(pid -> Files.exists(Path.of("/proc", pid))));
        }
    }

    private InstalledServer server(String... logger) throws Exception {
        return InstalledServer.start(machine.command(startCommand(logger)));
    }

    private List<String> startCommand(String... logger) {
        List<String> command = new ArrayList<>(List.of(
                "env", "-", "PATH=" + home() + "/bin:/usr/bin:/bin", home() + "/bin/qmail-start", "./Maildir/"));
        command.addAll(List.of(logger));
        return command;
    }

    private void inject(String to) throws Exception {
        PrivateMachine.Result result = machine.run(
                Map.of("USER", "kim"),
                "Subject: hello\n\nhi\n",
                PrivateMachine.as("kim", List.of(home() + "/bin/qmail-inject", to)));
        assertThat(result.exitCode()).as(result.errors()).isZero();
    }

    private List<Path> delivered(String user) throws Exception {
        return mail(machine.directory().resolve(user));
    }

    private static List<Path> mail(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory.resolve("Maildir/new"))) {
            return files.toList();
        }
    }

    private Optional<Path> deliveredToKim(List<Path> before) throws Exception {
        return delivered("kim").stream()
                .filter(file -> !before.contains(file))
                .filter(file -> readUnlessGone(file).contains("\nDelivered-To: kim@mx.corp.example\n"))
                .findFirst();
    }

    private Process start(Path output, String path, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("env", "-", "KEPT=yes", "PATH=" + path, home() + "/bin/qmail-start"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(machine.command(command))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private Path home() {
        return machine.home();
    }

    private String id(String what, String account) throws Exception {
        return what.equals("-g") && account.equals("mail")
                ? machine.run("getent", "group", "mail").split(":", -1)[2]
                : machine.run("id", what, account).strip();
    }

    private static String ids(String uid, String gid, String groups) {
        String four = "\t%1$s\t%1$s\t%1$s\t%1$s\n";
        return "Uid:" + four.formatted(uid) + "Gid:" + four.formatted(gid) + "Groups:\t" + groups + " \n";
    }

    private static List<String> groups(String told) {
        String line = told.lines()
                .filter(one -> one.startsWith("Groups:"))
                .findFirst()
                .orElseThrow();
        return List.of(line.substring("Groups:\t".length()).strip().split(" ", -1));
    }

    private static String descriptor(String told, int number) {
        String start = "fd " + number + " ";
        return told.lines()
                .filter(one -> one.startsWith(start))
                .findFirst()
                .orElseThrow()
                .substring(start.length());
    }

    private static String readUnlessGone(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            return "";
        }
    }
}
