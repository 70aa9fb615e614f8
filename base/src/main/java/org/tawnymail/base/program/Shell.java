package org.tawnymail.base.program;

import java.util.List;
import java.util.Optional;

/** Runs command lines as {@code /bin/sh -c} does. */
public final class Shell {

    private static final String PROGRAM = "/bin/sh";

    /** The call of the shell for a command line, with these surroundings. */
    public static Call call(Call surroundings, String line) {
        return surroundings.command(PROGRAM, List.of("-c", line));
    }

    /**
     * Starts a command line: without a shell if it is nothing but words that call a program of ours ({@link ShellLine}),
     * else with one.
     */
    public static Commands.Running start(Commands commands, Call surroundings, String line) throws CommandNotRun {
        Environment environment = surroundings.environment();
        Optional<List<String>> words =
                ShellLine.words(line, environment).filter(all -> commands.isOurs(all.getFirst(), environment));
        return commands.start(words.isPresent() ? surroundings.command(words.get()) : call(surroundings, line));
    }

    private Shell() {}
}
