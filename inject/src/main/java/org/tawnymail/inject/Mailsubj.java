package org.tawnymail.inject;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code mailsubj}: sends its standard input as a message with a subject, for scripts (core spec, section 11.3).
 *
 * <p>Line breaks in its arguments become spaces, so that a subject cannot add fields to the header.
 */
public final class Mailsubj implements Program {

    private final Home home;
    private final Commands commands;

    public Mailsubj(Home home, Commands commands) {
        this.home = home;
        this.commands = commands;
    }

    @Override
    public int run(Call call) throws IOException {
        List<String> arguments = call.arguments();
        if (arguments.size() < 2) {
            throw new Complaint(ExitCode.PERMANENT, "mailsubj: usage: mailsubj subject recip ...");
        }
        StringBuilder header = new StringBuilder("Subject: ");
        header.append(Author.onOneLine(arguments.getFirst())).append("\nTo:");
        for (String recipient : arguments.subList(1, arguments.size())) {
            header.append(' ').append(Author.onOneLine(recipient));
        }
        header.append("\n\n");
        InputStream message =
                new SequenceInputStream(new ByteArrayInputStream(Octets.of(header.toString())), call.stdin());
        try {
            Call inject = call.withDescriptors(call.descriptors().with(0, message));
            return OwnCommand.run(home, commands, inject, "qmail-inject", List.of());
        } catch (CommandNotRun notRun) {
            throw new Complaint(ExitCode.TEMPORARY, "mailsubj: fatal: unable to run qmail-inject");
        }
    }
}
