package org.tawnymail.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * How one run of a program ended.
 *
 * @param code its exit code
 * @param out what it wrote on descriptor 1
 * @param err what it wrote on descriptor 2, a complaint included
 */
public record Ran(int code, String out, String err) {

    /** Runs a program with an input on descriptor 0. Anything it throws but a complaint or a name that no file can have is a defect. */
    public static Ran of(
            Program program, List<String> arguments, Environment environment, InputStream in, Path directory)
            throws IOException {
        return of(program, arguments, environment, Descriptors.none().with(0, in), directory);
    }

    /** Runs a program with these descriptors, and 1 and 2 for its output. */
    public static Ran of(
            Program program, List<String> arguments, Environment environment, Descriptors inputs, Path directory)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Descriptors descriptors = inputs.with(2, err);
        if (!inputs.isReadable(1)) {
            descriptors = descriptors.with(1, out);
        }
        int code;
        try {
            code = program.run(new Call("program", arguments, environment, descriptors, directory));
        } catch (Complaint complaint) {
            code = complaint.exitCode();
            err.writeBytes(Octets.of(complaint.line() + "\n"));
        } catch (InvalidPathException unreachable) {
            // Whoever runs a program says it in one line, and this is the code.
            code = ExitCode.TEMPORARY;
            err.writeBytes(Octets.of("program: fatal: " + unreachable.getMessage() + "\n"));
        }
        assertThat(code).as("exit code").isBetween(0, 255);
        return new Ran(code, Octets.text(out.toByteArray()), Octets.text(err.toByteArray()));
    }

    /** An empty descriptor 0. */
    public static InputStream nothing() {
        return new ByteArrayInputStream(new byte[0]);
    }
}
