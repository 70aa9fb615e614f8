package org.tawnymail.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.tawnymail.assembly.adopt.Adopt;
import org.tawnymail.assembly.check.Check;
import org.tawnymail.assembly.config.HostName;
import org.tawnymail.assembly.install.Distribution;
import org.tawnymail.assembly.install.Install;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.process.OwnProcess;
import org.tawnymail.base.process.OwnProgram;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.proof.Prove;
import org.tawnymail.proof.process.ProcessProofs;

/**
 * Where every process of ours begins: the first argument names the program, the rest are its arguments. The shell launcher
 * {@code tawny} calls it.
 */
public final class Launcher {

    /** The system property that names the directory with our programs' names. */
    static final String BIN_PROPERTY = "tawny.bin";

    /** What the system calls this process; it keeps 15 octets. */
    private static final Path OWN_NAME = Path.of("/proc/self/comm");

    public static void main(String[] arguments) {
        if (arguments.length == 0) {
            System.err.println("tawny: usage: tawny program [ arg ... ]");
            Runtime.getRuntime().halt(ExitCode.PERMANENT);
        }
        Call call = OwnProcess.call(arguments[0], Arrays.copyOfRange(arguments, 1, arguments.length));
        if (call.programName().equals("tcpserver")) {
            // It stops to listen, gives its connections time, and ends with 0; the JVM would drop them.
            Signals.on("TERM", Thread.currentThread()::interrupt);
        }
        // Nothing of ours waits for the end of the JVM, and its orderly end costs milliseconds.
        Runtime.getRuntime().halt(run(call));
    }

    /** Runs the program that a call names, and gives its exit code. */
    static int run(Call call) {
        Optional<Program> program = find(call);
        if (program.isEmpty()) {
            call.complain("tawny: fatal: there is no program " + call.name() + " (./tawny help lists the commands)");
            return ExitCode.PERMANENT;
        }
        beKnownAs(call.programName());
        int code = OwnProgram.run(program.get(), call);
        try {
            call.stdout().flush();
        } catch (IOException closed) {
            // A program whose output matters has flushed it itself and knows.
        }
        return code;
    }

    /** By that name killall, pidof and top find a process. */
    private static void beKnownAs(String name) {
        try {
            Files.write(OWN_NAME, Octets.of(name), StandardOpenOption.WRITE);
        } catch (IOException noProc) {
            // It stays java, to the eyes of a person alone.
        }
    }

    private static Optional<Program> find(Call call) {
        Path bin = Path.of(System.getProperty(BIN_PROPERTY, "bin")).toAbsolutePath();
        Home home = Home.of(call.environment());
        Programs programs = Programs.standingAlone(home, bin);
        Check check = new Check(bin, Path.of("/etc/passwd"));
        // The first are for a person alone, and no programs for other programs.
        return switch (call.programName()) {
            case "serve" -> Optional.of(new Serve(bin));
            case "prove" -> Optional.of(ProcessProofs.isAskedBy(call) ? new ProcessProofs(bin) : new Prove());
            case "check" -> Optional.of(check);
            case "adopt" -> Optional.of(new Adopt(Programs.namesInBin(), check.forAdoption(), InstantSource.system()));
            case "install" ->
                Optional.of(new Install(Distribution.ofThisProcess(bin), Programs.namesInBin(), programs.commands()));
            case "hostname" -> Optional.of(new HostName(HostName.KERNELS));
            default -> programs.find(call.programName()).or(() -> programs.daemon(call.programName()));
        };
    }

    private Launcher() {}
}
