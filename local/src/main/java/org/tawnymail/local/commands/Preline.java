package org.tawnymail.local.commands;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Options;
import org.tawnymail.base.program.Program;

/**
 * {@code preline [-frdFRD] cmd [arg ...]}: runs a command with the message on its descriptor 0, in front of it the {@code
 * From }, Return-Path and Delivered-To lines, as programs expect that were not made for qmail.
 *
 * <p>A command that does not read all of it is no error.
 */
public final class Preline implements Program {

    private final Commands commands;

    public Preline(Commands commands) {
        this.commands = commands;
    }

    @Override
    public int run(Call call) throws IOException {
        Options options;
        try {
            options = Options.parse(call, "frdFRD");
        } catch (Options.Unknown unknown) {
            call.complain(unknown.line());
            throw usage();
        }
        if (options.operands().isEmpty()) {
            throw usage();
        }
        Prefixed input = new Prefixed(Octets.of(prefix(call, options)), call.stdin());
        Call command = call.command(options.operands())
                .withDescriptors(call.descriptors().with(0, input));
        Ending ending = ending(command);
        input.stop();
        if (input.failure().isPresent()) {
            throw temporary(
                    "unable to copy input: " + Errno.text(input.failure().get()));
        }
        return switch (ending) {
            case Ending.Exited(int code) -> code;
            case Ending.Killed(int signal) -> throw temporary("child crashed");
        };
    }

    /** The lines in front of the message, in their fixed order. All three variables must be there, wanted or not. */
    private static String prefix(Call call, Options options) throws Complaint {
        StringBuilder prefix = new StringBuilder();
        String letters = "frd";
        String[] variables = {"UFLINE", "RPLINE", "DTLINE"};
        for (int i = 0; i < variables.length; i++) {
            String line = call.environment().get(variables[i]).orElseThrow(Preline::usage);
            if (isWanted(letters.charAt(i), options)) {
                prefix.append(line);
            }
        }
        return prefix.toString();
    }

    private static boolean isWanted(char letter, Options options) {
        boolean wanted = true;
        for (Options.Option option : options.options()) {
            if (Character.toLowerCase(option.letter()) == letter) {
                wanted = option.letter() != letter;
            }
        }
        return wanted;
    }

    private Ending ending(Call command) throws Complaint {
        try {
            return commands.run(command);
        } catch (CommandNotRun notRun) {
            throw new Complaint(
                    notRun.isTemporary() ? ExitCode.TEMPORARY : ExitCode.PERMANENT,
                    "preline: fatal: unable to run " + command.name() + ": " + notRun.getMessage());
        }
    }

    private static Complaint temporary(String what) {
        return new Complaint(ExitCode.TEMPORARY, "preline: fatal: " + what);
    }

    private static Complaint usage() {
        return new Complaint(ExitCode.PERMANENT, "preline: usage: preline cmd [ arg ... ]");
    }

    /**
     * Some bytes and then the message, until it is stopped. Whoever carries it to the command may still be reading when the
     * command has ended, but must not take from a message that the next program reads.
     */
    private static final class Prefixed extends InputStream {

        private final InputStream prefix;
        private final InputStream message;
        private final ReentrantLock lock = new ReentrantLock();
        private boolean stopped;
        private @Nullable IOException failure;

        Prefixed(byte[] prefix, InputStream message) {
            this.prefix = new ByteArrayInputStream(prefix);
            this.message = message;
        }

        /** Ends it; no byte of the message is read from now on. */
        void stop() {
            lock.lock();
            try {
                stopped = true;
            } finally {
                lock.unlock();
            }
        }

        /** Why the message could not be read to its end, once it is stopped. */
        Optional<IOException> failure() {
            return Optional.ofNullable(failure);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            lock.lock();
            try {
                if (stopped) {
                    return -1;
                }
                return prefix.available() > 0 ? prefix.read(to, offset, length) : message.read(to, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            } finally {
                lock.unlock();
            }
        }
    }
}
