package org.tawnymail.local;

import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.local.delivery.Delivery;
import org.tawnymail.local.users.LspawnReport;
import org.tawnymail.local.users.Replacements;

/**
 * A delivery by the program that an operator has put in the place of {@code bin/qmail-local}, as qmail-lspawn runs it and
 * understands it (core spec, section 5.2).
 */
final class OutsideLocal {

    static final String PROGRAM = "qmail-local";

    private final Replacements replaced;

    OutsideLocal(Replacements replaced) {
        this.replaced = replaced;
    }

    /**
     * @param message for a file of a spawner this is the open file itself
     * @param user whom the program runs as
     */
    Outcome deliver(String program, SeekableInput message, Delivery delivery, Optional<Identity> user) {
        DeliveryReport report = new DeliveryReport();
        List<String> arguments = List.of(
                "--",
                delivery.user(),
                delivery.home(),
                delivery.local(),
                delivery.dash(),
                delivery.ext(),
                delivery.domain(),
                delivery.sender(),
                delivery.defaultInstructions());
        Descriptors descriptors =
                Descriptors.none().with(0, message).with(1, report).with(2, report);
        try {
            return switch (replaced.run(program, arguments, descriptors, user)) {
                case Ending.Exited(int code) -> LspawnReport.outcome(code, report.text());
                case Ending.Killed killed -> new Outcome.Deferred("qmail-local crashed.\n");
            };
        } catch (CommandNotRun notRun) {
            return (notRun.isTemporary() ? LspawnReport.LOCAL_NOT_RUN : LspawnReport.LOCAL_NEVER_RUNS).outcome();
        }
    }
}
