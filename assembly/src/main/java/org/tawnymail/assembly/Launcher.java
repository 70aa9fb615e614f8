package org.tawnymail.assembly;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.tawnymail.assembly.adopt.Adopt;
import org.tawnymail.assembly.check.Check;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.process.OwnProcess;
import org.tawnymail.base.process.OwnProgram;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.proof.Prove;

/**
 * Where every process of ours begins: the first argument names the program, the rest are its arguments. The shell launcher
 * {@code tawny} calls it.
 */
public final class Launcher {

    /** The system property that names the directory with our programs' names. */
    static final String BIN_PROPERTY = "tawny.bin";

    public static void main(String[] arguments) {
        if (arguments.length == 0) {
            System.err.println("tawny: usage: tawny program [ arg ... ]");
            Runtime.getRuntime().halt(ExitCode.PERMANENT);
        }
        Call call = OwnProcess.call(arguments[0], Arrays.copyOfRange(arguments, 1, arguments.length));
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
        int code = OwnProgram.run(program.get(), call);
        try {
            call.stdout().flush();
        } catch (IOException closed) {
            // A program whose output matters has flushed it itself and knows.
        }
        return code;
    }

    private static Optional<Program> find(Call call) {
        Path bin = Path.of(System.getProperty(BIN_PROPERTY, "bin")).toAbsolutePath();
        if (call.programName().equals("serve")) {
            return Optional.of(new Serve(bin));
        }
        if (call.programName().equals("prove")) {
            return Optional.of(new Prove());
        }
        Check check = new Check(bin, Path.of("/etc/passwd"));
        if (call.programName().equals("check")) {
            return Optional.of(check);
        }
        Home home = Home.of(call.environment());
        Programs programs = Programs.standingAlone(home, bin);
        if (call.programName().equals("adopt")) {
            return Optional.of(new Adopt(programs.names(), check, InstantSource.system()));
        }
        return programs.find(call.programName());
    }

    private Launcher() {}
}
