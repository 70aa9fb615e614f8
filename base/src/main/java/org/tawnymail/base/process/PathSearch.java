package org.tawnymail.base.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Environment;

/** Where a command name may lead (companions spec, section 0.4). */
public final class PathSearch {

    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    /** The directories of {@code PATH}, in order; an empty one is the working directory. */
    static List<String> directories(Environment environment) {
        List<String> directories = new ArrayList<>();
        for (String directory : environment.get("PATH").orElse(DEFAULT_PATH).split(":", -1)) {
            directories.add(directory.isEmpty() ? "." : directory);
        }
        return directories;
    }

    /** The file of a command in a directory. */
    static String file(String directory, String command) {
        return directory.endsWith("/") ? directory + command : directory + "/" + command;
    }

    /** The first executable file of that name in {@code PATH}; relative directories count from the one that is given. */
    public static Optional<String> executable(String command, Environment environment, Path from) {
        for (String directory : directories(environment)) {
            Path file = from.resolve(Octets.path(directory)).resolve(command);
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return Optional.of(Octets.fileName(file));
            }
        }
        return Optional.empty();
    }

    private PathSearch() {}
}
