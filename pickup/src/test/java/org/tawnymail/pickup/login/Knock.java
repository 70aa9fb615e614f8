package org.tawnymail.pickup.login;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.pickup.ProgramsInside;

/**
 * One login as qmail-popup would ask for it.
 *
 * @param exitCode what it ended with
 * @param said what stood on descriptor 1
 * @param complaints what stood on descriptor 2
 */
record Knock(int exitCode, String said, String complaints) {

    /** Lets a program check a login; the program that runs then is {@code showing}. */
    static Knock at(Program checker, Path directory, String login, String password) throws IOException {
        return with(checker, directory, login + "\0" + password + "\0<1.2@host>\0", "showing", "Maildir");
    }

    static Knock with(Program checker, Path directory, String descriptor3, String... arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Descriptors descriptors = Descriptors.none()
                .with(0, new ByteArrayInputStream(new byte[0]))
                .with(1, out)
                .with(2, err)
                .with(3, new ByteArrayInputStream(Octets.of(descriptor3)));
        Environment environment =
                Environment.empty().with("TCPREMOTEIP", "192.0.2.1").with("USER", "root");
        int exitCode = checker.run(new Call("/bin/checker", List.of(arguments), environment, descriptors, directory));
        return new Knock(exitCode, Octets.text(out.toByteArray()), Octets.text(err.toByteArray()));
    }

    /** Commands with a program that shows its surroundings and ends with 7. */
    static ProgramsInside commands() {
        return new ProgramsInside().with("showing", Knock::show);
    }

    private static int show(Call call) throws IOException {
        String surroundings = call.arguments() + " in " + call.directory() + " as "
                + call.environment().variables() + (call.descriptors().isReadable(3) ? " with the password" : "");
        call.stdout().write(Octets.of(surroundings));
        return 7;
    }
}
