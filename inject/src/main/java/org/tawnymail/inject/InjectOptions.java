package org.tawnymail.inject;

import java.util.List;
import java.util.Optional;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Options;

/**
 * The command line of qmail-inject (core spec, section 3.1).
 *
 * @param argumentRecipients those to take from the arguments
 * @param headerCounts whether the header names recipients, too
 * @param printOnly whether the message is printed and not queued
 * @param sender the envelope sender, if one is given
 */
record InjectOptions(
        List<String> argumentRecipients, boolean headerCounts, boolean printOnly, Optional<String> sender) {

    static InjectOptions of(Call call) throws Complaint {
        Options options = parse(call);
        char strategy = 'A';
        boolean printOnly = false;
        Optional<String> sender = Optional.empty();
        for (Options.Option option : options.options()) {
            switch (option.letter()) {
                case 'n' -> printOnly = true;
                case 'N' -> printOnly = false;
                case 'f' -> sender = Optional.of(option.value());
                default -> strategy = option.letter();
            }
        }
        List<String> operands = options.operands();
        return switch (strategy) {
            case 'a' -> new InjectOptions(operands, false, printOnly, sender);
            case 'h' -> new InjectOptions(List.of(), true, printOnly, sender);
            case 'H' -> new InjectOptions(operands, true, printOnly, sender);
            default -> new InjectOptions(operands, operands.isEmpty(), printOnly, sender);
        };
    }

    private static Options parse(Call call) throws Complaint {
        try {
            return Options.parse(call, "aAhHnNf:");
        } catch (Options.Unknown unknown) {
            throw new Complaint(ExitCode.PERMANENT, unknown.line());
        }
    }
}
