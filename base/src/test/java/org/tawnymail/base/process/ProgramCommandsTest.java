package org.tawnymail.base.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.ProgramTable;
import org.tawnymail.base.program.Shell;

@Timeout(60)
class ProgramCommandsTest {

    @TempDir
    private Path directory;

    private final CountDownLatch forEver = new CountDownLatch(1);
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, Program> programs = Map.of(
            "forward", call -> 42,
            "complaining",
                    call -> {
                        throw new Complaint(100, "complaining: fatal: DTLINE not set");
                    },
            "broken", call -> call.descriptors().in(7).read(),
            "defect",
                    call -> {
                        throw new IllegalStateException("no such state\nat all");
                    },
            "endless",
                    call -> {
                        try {
                            forEver.await();
                        } catch (InterruptedException e) {
                            throw new IOException("interrupted");
                        }
                        return 0;
                    });

    private Path bin = Path.of("/");
    private Path launcher = Path.of("/");
    private ProgramCommands commands = new ProgramCommands(table(), Path.of("/"));

    @BeforeEach
    void installTheLauncher() throws IOException {
        launcher = script(directory.resolve("launcher"), "echo \"as a child: ${0##*/} $*\" >&2; id -u >&2");
        bin = Files.createDirectory(directory.resolve("bin"));
        for (String name : programs.keySet()) {
            Files.createSymbolicLink(bin.resolve(name), launcher);
        }
        commands = new ProgramCommands(table(), bin);
    }

    @Test
    void aNameOfOursRunsInsideTheProcess() throws Exception {
        assertThat(commands.isOurs("forward", path("/usr/bin", bin))).isTrue();
        assertThat(commands.isOurs("forward", path("/usr/bin"))).isTrue();
        assertThat(commands.isOurs("forward", Environment.empty())).isTrue();
        assertThat(commands.run(call("forward"))).isEqualTo(new Ending.Exited(42));
        assertThat(err.size()).isZero();
    }

    @Test
    void aPathToOurLauncherIsOurs() throws Exception {
        assertThat(commands.isOurs(bin + "/forward", Environment.empty())).isTrue();
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.createSymbolicLink(other.resolve("forward"), launcher);
        assertThat(commands.isOurs(other + "/forward", Environment.empty())).isTrue();
        assertThat(commands.isOurs("/usr/sbin/forward", Environment.empty())).isFalse();
        assertThat(commands.run(call(bin + "/forward"))).isEqualTo(new Ending.Exited(42));
        assertThat(commands.run(call("bin/forward"))).isEqualTo(new Ending.Exited(42));
    }

    @Test
    void anExecutableThatStandsBeforeOursInPathTakesItsPlace() throws Exception {
        Path early = Files.createDirectory(directory.resolve("early"));
        script(early.resolve("forward"), "exit 7");
        assertThat(commands.isOurs("forward", path(early, bin))).isFalse();
        assertThat(commands.isOurs("forward", path(bin, early))).isTrue();
        assertThat(commands.isOurs("forward", path(early))).isTrue();
        assertThat(commands.run(call("forward").withEnvironment(path(early, bin))))
                .isEqualTo(new Ending.Exited(7));
    }

    @Test
    void aFileInTheWorkingDirectoryCannotTakeThePlaceOfOurs() throws Exception {
        script(directory.resolve("forward"), "exit 7");
        assertThat(commands.run(call("forward").withEnvironment(path("", ".", bin))))
                .isEqualTo(new Ending.Exited(42));
    }

    @Test
    void somethingElseIsNotOurs() {
        assertThat(commands.isOurs("procmail", path(bin))).isFalse();
        assertThat(commands.isOurs("/bin/sh", path(bin))).isFalse();
        assertThat(commands.isOurs("", path(bin))).isFalse();
        assertThat(commands.isOurs("/", path(bin))).isFalse();
    }

    @Test
    void aCommandLineOfOursNeedsNoShellAndAnyOtherGetsOne() throws Exception {
        Call call = call("qmail-local").withEnvironment(path("/usr/bin", "/bin", bin));
        assertThat(Shell.start(commands, call, "forward 'a b'").await()).isEqualTo(new Ending.Exited(42));
        assertThat(err.size()).isZero();
        assertThat(Shell.start(commands, call, "forward a >&2; exit 5").await()).isEqualTo(new Ending.Exited(5));
        assertThat(Octets.text(err.toByteArray())).startsWith("as a child: forward a\n");
    }

    @Test
    void aComplaintIsPrintedOnceWithItsCode() throws Exception {
        assertThat(commands.run(call("complaining"))).isEqualTo(new Ending.Exited(100));
        assertThat(Octets.text(err.toByteArray())).isEqualTo("complaining: fatal: DTLINE not set\n");
    }

    @Test
    void aBrokenDescriptorIsATemporaryFailureWithOneLine() throws Exception {
        assertThat(commands.run(call("broken"))).isEqualTo(new Ending.Exited(111));
        assertThat(Octets.text(err.toByteArray())).isEqualTo("broken: fatal: descriptor 7 is not open for reading\n");
    }

    @Test
    void aDefectIsATemporaryFailureThatIsNeverSilent() throws Exception {
        assertThat(commands.run(call("defect"))).isEqualTo(new Ending.Exited(111));
        assertThat(Octets.text(err.toByteArray()))
                .startsWith("defect: fatal: internal error: java.lang.IllegalStateException: no such state at all at ")
                .contains("ProgramCommandsTest")
                .hasLineCount(1);
    }

    @Test
    void aProgramOfOursCanBeKilled() throws Exception {
        Commands.Running running = commands.start(call("endless"));
        running.kill();
        assertThat(running.await()).isEqualTo(new Ending.Killed(9));
    }

    @Test
    void aProgramOfOursForAnotherUserIsAChildOfThatUser() throws Exception {
        if (ThisProcess.effectiveUid() == 0) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Call call = call("forward").withDirectory(Path.of("/")).withEnvironment(path(bin, "/usr/bin", "/bin"));
            assertThat(commands.start(call, new Identity(54321, 54322)).await()).isEqualTo(new Ending.Exited(0));
            assertThat(Octets.text(err.toByteArray())).isEqualTo("as a child: forward \n54321\n");
        } else {
            assertThat(commands.start(call("forward"), ThisProcess.identity()).await())
                    .isEqualTo(new Ending.Exited(42));
        }
    }

    private Call call(String name) {
        Descriptors descriptors = Descriptors.none()
                .with(0, new ByteArrayInputStream(new byte[0]))
                .with(2, err);
        return new Call(name, List.of(), path("/usr/bin", "/bin"), descriptors, directory);
    }

    private static Environment path(Object... directories) {
        return Environment.empty()
                .with(
                        "PATH",
                        String.join(
                                ":",
                                List.of(directories).stream()
                                        .map(Object::toString)
                                        .toList()));
    }

    private static Path script(Path file, String commands) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private ProgramTable table() {
        return new ProgramTable() {
            @Override
            public Optional<Program> find(String name) {
                return Optional.ofNullable(programs.get(name));
            }

            @Override
            public Set<String> names() {
                return programs.keySet();
            }
        };
    }
}
