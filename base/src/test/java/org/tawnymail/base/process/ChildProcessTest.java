package org.tawnymail.base.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.posix.OpenFileInput;
import org.tawnymail.base.posix.ScratchFile;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.ProgramTable;

@Timeout(60)
class ChildProcessTest {

    private static final long HUP_INT_QUIT = 0b111;

    private static final Environment ENVIRONMENT = Environment.empty().with("PATH", "/usr/bin:/bin");

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Commands commands = new ProgramCommands(NO_PROGRAMS, Path.of("/nonexistent"));

    @Test
    void anOutsideProgramReadsTheMessageAndItsOutputIsComplete() throws Exception {
        String message = "Subject: x\n\n" + "line\n".repeat(100_000);
        assertThat(run(message, "cat; echo done >&2")).isEqualTo(new Ending.Exited(0));
        assertThat(Octets.text(out.toByteArray())).isEqualTo(message);
        assertThat(Octets.text(err.toByteArray())).isEqualTo("done\n");
    }

    @Test
    void itsExitCodeAndItsSignalAreTold() throws Exception {
        assertThat(run("", "exit 99")).isEqualTo(new Ending.Exited(99));
        assertThat(run("", "kill -SEGV $$")).isEqualTo(new Ending.Killed(11));
    }

    @Test
    void theEnvelopeStandsOnDescriptorOneAndTheErrorTextComesOnSix() throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        Descriptors numbers = Descriptors.none()
                .with(0, input("message"))
                .with(1, input("Fann@corp.example\0"))
                .with(6, text);
        Ending ending = commands.run(shell("cat <&0 >&6; cat <&1 >&6; exit 31").withDescriptors(numbers));
        assertThat(ending).isEqualTo(new Ending.Exited(31));
        assertThat(Octets.text(text.toByteArray())).isEqualTo("messageFann@corp.example\0");
    }

    @Test
    void twoNumbersWithOneStreamShareOnePipeAndKeepTheirOrder() throws Exception {
        Descriptors numbers = Descriptors.none().with(1, out).with(2, out);
        commands.run(shell("for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done")
                .withDescriptors(numbers));
        assertThat(Octets.text(out.toByteArray()))
                .isEqualTo("o1\ne1\no2\ne2\no3\ne3\no4\ne4\no5\ne5\no6\ne6\no7\ne7\no8\ne8\no9\ne9\n");
    }

    @Test
    void noOtherDescriptorLeaksToTheChild() throws Exception {
        try (OpenFileInput secret = OpenFileInput.open(Path.of("/etc/passwd"));
                ScratchFile other = ScratchFile.inMemory()) {
            Descriptors numbers =
                    Descriptors.none().with(1, out).with(5, secret).with(3, other.output());
            commands.run(new Call("ls", List.of("/proc/self/fd"), ENVIRONMENT, numbers, directory));
        }
        // 4 is what ls itself opens to read the directory; 0 and 2 are /dev/null.
        assertThat(Octets.text(out.toByteArray()).lines()).containsExactly("0", "1", "2", "3", "4", "5");
    }

    @Test
    void descriptorsThatTradePlacesArriveWhereTheyShould() throws Exception {
        try (ScratchFile a = ScratchFile.inMemory();
                ScratchFile b = ScratchFile.inMemory()) {
            a.output().write('a');
            b.output().write('b');
            a.input().rewind();
            b.input().rewind();
            Descriptors numbers = Descriptors.none()
                    .with(1, out)
                    .with(b.input().fileNumber(), a.input())
                    .with(a.input().fileNumber(), b.input());
            String command = "cat <&%d; cat <&%d"
                    .formatted(a.input().fileNumber(), b.input().fileNumber());
            // dash knows descriptors of one digit only
            Call call = new Call("bash", List.of("-c", command), ENVIRONMENT, numbers, directory);
            assertThat(commands.run(call)).isEqualTo(new Ending.Exited(0));
        }
        assertThat(Octets.text(out.toByteArray())).isEqualTo("ba");
    }

    @Test
    void theProgramsOfOneFileShareThePositionOfTheMessage() throws Exception {
        try (ScratchFile message = ScratchFile.inMemory()) {
            message.output().write(Octets.of("one\ntwo\n"));
            message.input().rewind();
            Descriptors numbers = Descriptors.none().with(0, message.input()).with(1, out);
            commands.run(shell("dd bs=4 count=1 2>/dev/null").withDescriptors(numbers));
            commands.run(shell("cat").withDescriptors(numbers));
        }
        assertThat(Octets.text(out.toByteArray())).isEqualTo("one\ntwo\n");
    }

    @Test
    void aDescriptorOpenBothWaysIsASocketForTheChild() throws Exception {
        Descriptors numbers = Descriptors.none().with(0, input("question\n"), out);
        commands.run(shell("read line; echo \"got $line\" >&0").withDescriptors(numbers));
        assertThat(Octets.text(out.toByteArray())).isEqualTo("got question\n");
    }

    @Test
    void aChildThatClosesItsInputEarlyBreaksNothing() throws Exception {
        Ending ending = run("x".repeat(3_000_000), "exec <&-; echo fine");
        assertThat(ending).isEqualTo(new Ending.Exited(0));
        assertThat(Octets.text(out.toByteArray())).isEqualTo("fine\n");
    }

    @Test
    void aChildMayEndWhileItsInputIsStillOpen() throws Exception {
        Pipe never = new Pipe();
        Descriptors numbers = Descriptors.none().with(0, never.input()).with(1, out);
        assertThat(commands.run(shell("echo ready").withDescriptors(numbers))).isEqualTo(new Ending.Exited(0));
        never.output().close();
    }

    @Test
    void anInputThatBreaksIsNotTakenForItsEnd() throws Exception {
        Pipe broken = new Pipe();
        broken.input().close(); // a read from here on fails
        Descriptors numbers = Descriptors.none().with(0, broken.input()).with(1, out);
        assertThat(commands.run(shell("cat; exit 0").withDescriptors(numbers))).isEqualTo(new Ending.Killed(9));
    }

    @Test
    void aCallerWhoWantsNoMoreOutputEndsTheChildsWriting() throws Exception {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("closed");
            }
        };
        Call call = shell("exec yes").withDescriptors(Descriptors.none().with(1, closed));
        assertThat(commands.run(call)).isEqualTo(new Ending.Killed(13));
    }

    @Test
    void octetsOfArgumentsAndEnvironmentArriveUnchanged() throws Exception {
        String odd = Octets.text(new byte[] {(byte) 0xff, ' ', '\'', (byte) 0xe9, '\n', 1});
        Call call = new Call(
                "sh", List.of("-c", "printf %s \"$0|$ODD\"", odd), ENVIRONMENT.with("ODD", odd), outputs(), directory);
        commands.run(call);
        assertThat(Octets.text(out.toByteArray())).isEqualTo(odd + "|" + odd);
    }

    @Test
    void theChildStartsInTheDirectoryOfTheCallAndRelativeNamesCountFromThere() throws Exception {
        Path script = Files.writeString(directory.resolve("hello-mail"), "#!/bin/sh\npwd\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        commands.run(new Call("./hello-mail", List.of(), ENVIRONMENT, outputs(), directory));
        commands.run(new Call("hello-mail", List.of(), ENVIRONMENT.with("PATH", "/bin:"), outputs(), directory));
        String here = directory.toRealPath() + "\n";
        assertThat(Octets.text(out.toByteArray())).isEqualTo(here + here);
    }

    @Test
    void theChildBlocksNoSignalsAndIgnoresNoneButThoseOfTheTerminalThatWeWereToIgnore() throws Exception {
        Call call = new Call(
                "grep", List.of("-E", "^Sig(Blk|Ign)", "/proc/self/status"), ENVIRONMENT, outputs(), directory);
        commands.run(call);
        // Under nohup this test ignores HUP, and so does its child.
        long ours = ignored(Files.readString(Path.of("/proc/self/status")));
        String childs = Octets.text(out.toByteArray());
        assertThat(childs).contains("SigBlk:\t0000000000000000\n");
        assertThat(ignored(childs)).isEqualTo(ours & HUP_INT_QUIT);
    }

    private static long ignored(String status) {
        return status.lines()
                .filter(line -> line.startsWith("SigIgn:\t"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring("SigIgn:\t".length()), 16))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aCommandThatIsNotThereIsForGoodAndNamedInQmailsWords() {
        assertNotRun("no-such-command", "file does not exist");
        assertNotRun("/no/such/command", "file does not exist");
        assertNotRun("", "file does not exist");
        assertNotRun("/etc", "access denied");
        assertNotRun("/etc/passwd/x", "not a directory");
    }

    @Test
    void anArgumentWithANulIsRefusedAndNotCutOff() {
        Call call = new Call("/bin/echo", List.of("a\0b"), ENVIRONMENT, outputs(), directory);
        assertThatThrownBy(() -> commands.run(call))
                .isInstanceOf(CommandNotRun.class)
                .hasMessage("invalid argument");
    }

    @Test
    void aFileThatMayNotBeRunIsPassedOverButRememberedAsTheReason() throws Exception {
        Path locked = Files.createDirectory(directory.resolve("a"));
        Files.writeString(locked.resolve("hello"), "#!/bin/sh\necho wrong\n");
        Call call = new Call("hello", List.of(), ENVIRONMENT.with("PATH", locked.toString()), outputs(), directory);
        assertThatThrownBy(() -> commands.run(call))
                .isInstanceOf(CommandNotRun.class)
                .hasMessage("access denied");

        Path good = Files.createDirectory(directory.resolve("b"));
        Files.setPosixFilePermissions(
                Files.writeString(good.resolve("hello"), "#!/bin/sh\necho right\n"),
                PosixFilePermissions.fromString("rwxr-xr-x"));
        commands.run(call.withEnvironment(ENVIRONMENT.with("PATH", locked + ":" + good)));
        assertThat(Octets.text(out.toByteArray())).isEqualTo("right\n");
    }

    @Test
    void anInterruptedCallerKillsTheChildAndStillWaits() throws Exception {
        Commands.Running running = commands.start(shell("exec sleep 1000"));
        Thread.currentThread().interrupt();
        assertThat(running.await()).isEqualTo(new Ending.Killed(9));
        assertThat(Thread.interrupted()).isTrue();
        running.kill();
    }

    @Test
    void aKilledChildIsNotWaitedForBecauseOfItsChildren() throws Exception {
        Commands.Running running = commands.start(shell("sleep 1000 & echo started; wait"));
        while (out.size() == 0) {
            Thread.onSpinWait();
        }
        running.kill();
        assertThat(running.await()).isEqualTo(new Ending.Killed(9));
    }

    @Test
    void manyChildrenAtOnceFromVirtualThreads() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String text = "number " + i;
                answers.add(threads.submit(() -> {
                    ByteArrayOutputStream copy = new ByteArrayOutputStream();
                    Descriptors numbers =
                            Descriptors.none().with(0, input(text)).with(1, copy);
                    assertThat(commands.run(shell("exec cat").withDescriptors(numbers)))
                            .isEqualTo(new Ending.Exited(0));
                    return Octets.text(copy.toByteArray());
                }));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo("number " + i);
            }
        }
    }

    @Test
    void aChildOfAnotherUserIsThatUserAltogetherAndCannotComeBack() throws Exception {
        Identity ann = new Identity(54321, 54322, List.of(54322, 54323));
        String command = "grep -E '^(Uid|Gid|Groups|CapPrm|CapEff):' /proc/self/status; "
                + "perl -e '$< = 0; $> = 0; print \"$< $>\\n\"'; exec setpriv --reuid 0 true 2>/dev/null";
        Call call = shell(command).withDirectory(Path.of("/"));
        if (ThisProcess.effectiveUid() != 0) {
            assertThatThrownBy(() -> commands.start(call, ann))
                    .isInstanceOf(CommandNotRun.class)
                    .hasMessage("permission denied");
            return;
        }
        assertThat(commands.start(call, ann).await()).isNotEqualTo(new Ending.Exited(0));
        assertThat(Octets.text(out.toByteArray())).isEqualTo("""
                        Uid:\t54321\t54321\t54321\t54321
                        Gid:\t54322\t54322\t54322\t54322
                        Groups:\t54322 54323\s
                        CapPrm:\t0000000000000000
                        CapEff:\t0000000000000000
                        54321 54321
                        """);
        out.reset();
        commands.run(shell("id -u; id -G"));
        assertThat(Octets.text(out.toByteArray()).lines().findFirst()).contains("0");
    }

    @Test
    void oneMayStartAChildAsOneself() throws Exception {
        Identity self = ThisProcess.identity();
        commands.start(shell("id -u"), self).await();
        assertThat(Octets.text(out.toByteArray())).isEqualTo(self.uid() + "\n");
    }

    private void assertNotRun(String name, String why) {
        Call call = new Call(name, List.of(), ENVIRONMENT, outputs(), directory);
        assertThatThrownBy(() -> commands.run(call))
                .isInstanceOfSatisfying(
                        CommandNotRun.class, e -> assertThat(e.isTemporary()).isFalse())
                .hasMessage(why);
    }

    private Ending run(String input, String command) throws CommandNotRun {
        Call call = shell(command);
        return commands.run(call.withDescriptors(call.descriptors().with(0, input(input))));
    }

    private Call shell(String command) {
        return new Call("/bin/sh", List.of("-c", command), ENVIRONMENT, outputs(), directory);
    }

    private Descriptors outputs() {
        return Descriptors.none().with(1, out).with(2, err);
    }

    private static InputStream input(String text) {
        return new ByteArrayInputStream(Octets.of(text));
    }

    private static final ProgramTable NO_PROGRAMS = new ProgramTable() {
        @Override
        public Optional<Program> find(String name) {
            return Optional.empty();
        }

        @Override
        public Set<String> names() {
            return Set.of();
        }
    };
}
