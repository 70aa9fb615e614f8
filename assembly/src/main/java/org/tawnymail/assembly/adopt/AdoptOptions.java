package org.tawnymail.assembly.adopt;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/**
 * The command line of {@code adopt}.
 *
 * @param home the qmail home
 * @param into the home that gets the mail, if it is another one
 * @param copy whether the other home gets a copy of the control files, users and aliases too
 * @param dryRun whether nothing may be changed
 */
record AdoptOptions(Path home, Optional<Path> into, boolean copy, boolean dryRun) {

    static final String USAGE = """
            usage: tawny adopt HOME [--into OTHER [--copy]] [--dry-run]

            Looks at the qmail home HOME (such as /var/qmail), says what Tawny will do differently there, and takes the mail
            in its queue over. qmail-send must not be running. It can be interrupted and run again.

              --into OTHER   take the mail into the home OTHER; else HOME becomes the home of Tawny
              --copy         with --into: copy control, users and alias too, where OTHER has none
              --dry-run      only say what would happen
            """;

    static AdoptOptions parse(Call call) throws Complaint {
        Optional<Path> home = Optional.empty();
        Optional<Path> into = Optional.empty();
        boolean copy = false;
        boolean dryRun = false;
        List<String> arguments = call.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--dry-run")) {
                dryRun = true;
            } else if (argument.equals("--copy")) {
                copy = true;
            } else if (argument.equals("--into") && i + 1 < arguments.size()) {
                into = Optional.of(call.path(arguments.get(++i)).normalize());
            } else if (argument.startsWith("--into=")) {
                into = Optional.of(
                        call.path(argument.substring("--into=".length())).normalize());
            } else if (!argument.startsWith("-") && home.isEmpty()) {
                home = Optional.of(call.path(argument).normalize());
            } else {
                throw wrong("unknown argument " + argument);
            }
        }
        if (copy && into.isEmpty()) {
            throw wrong("--copy goes with --into");
        }
        return new AdoptOptions(home.orElseThrow(() -> wrong("which home?")), into, copy, dryRun);
    }

    private static Complaint wrong(String text) {
        return new Complaint(ExitCode.PERMANENT, "tawny: fatal: adopt: " + text + " (tawny adopt --help)");
    }
}
