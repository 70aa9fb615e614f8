package org.tawnymail.local.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.SeekableInput;
import org.tawnymail.base.program.ShellLine;
import org.tawnymail.local.mailbox.MessageBytes;

/**
 * The program lines of one delivery (core spec, section 6.5).
 *
 * <p>A line that is nothing but plain words and calls a program of ours runs in this process, without a shell. Any other
 * is a child process, {@code /bin/sh -c}. Descriptor 0 of both is the message as a file that can be read again, with a
 * position that all share and that goes back to the first byte before every line; see {@link MessageInput}.
 *
 * <p>Belongs to one thread.
 */
final class ProgramLines implements AutoCloseable {

    private static final String SHELL = "/bin/sh";

    /** What a program makes of the mail is the user's alone, whatever the mask of this process (core spec, section 6.1). */
    private static final String UMASK = "umask 077; ";

    /** qmail lets a program take for ever, and a slot with it; a Maildir delivery gets as much (core spec, section 14.1). */
    static final Duration LONGEST_PROGRAM = Duration.ofHours(24);

    private final Commands commands;
    private final Path home;
    private final Surroundings surroundings;
    private final MessageInput copy;
    private final Optional<SeekableInput> ownFile;

    ProgramLines(Commands commands, Path home, MessageBytes message, Surroundings surroundings) {
        this.commands = commands;
        this.home = home;
        this.surroundings = surroundings;
        this.copy = new MessageInput(message, surroundings.user());
        this.ownFile = message.ownFile();
    }

    /**
     * Runs one line.
     *
     * @return 0 to go on, 99 to skip what follows, 100 or 111 to end the delivery with
     */
    int run(String commandLine, Environment environment) throws Complaint {
        try {
            return codeFor(start(commandLine, environment).await(LONGEST_PROGRAM));
        } catch (CommandNotRun notRun) {
            throw temporary("Unable to run " + SHELL + ": " + notRun.getMessage() + ". (#4.3.0)");
        } catch (Complaint told) {
            throw told;
        } catch (IOException e) {
            throw temporary("Unable to rewind message. (#4.3.0)");
        }
    }

    private Commands.Running start(String commandLine, Environment environment) throws IOException {
        Optional<List<String>> words = surroundings.user().isPresent()
                ? Optional.empty()
                : ShellLine.words(commandLine, environment).filter(w -> commands.isOurs(w.getFirst(), environment));
        SeekableInput input = ownFile.orElse(copy);
        input.rewind();
        if (words.isPresent()) {
            List<String> arguments = words.get().subList(1, words.get().size());
            return commands.start(call(words.get().getFirst(), arguments, environment, input));
        }
        if (ownFile.isEmpty()) {
            copy.materialize();
        }
        Call call = call(SHELL, List.of("-c", UMASK + commandLine), environment, input);
        return surroundings.user().isPresent()
                ? commands.start(call, surroundings.user().get())
                : commands.start(call);
    }

    private Call call(String name, List<String> arguments, Environment environment, InputStream input) {
        Descriptors descriptors =
                Descriptors.none().with(0, input).with(1, surroundings.out()).with(2, surroundings.err());
        return new Call(name, arguments, environment, descriptors, home);
    }

    private static int codeFor(Ending ending) throws Complaint {
        return switch (ending) {
            case Ending.Exited(int code) ->
                switch (code) {
                    case ExitCode.SUCCESS, ExitCode.STOP -> code;
                    case ExitCode.PERMANENT, 64, 65, 70, 76, 77, 78, 112 -> ExitCode.PERMANENT;
                    default -> ExitCode.TEMPORARY;
                };
            case Ending.Killed(int signal) -> throw temporary("Aack, child crashed. (#4.3.0)");
        };
    }

    private static Complaint temporary(String text) {
        return new Complaint(ExitCode.TEMPORARY, text);
    }

    @Override
    public void close() throws IOException {
        copy.release();
    }
}
