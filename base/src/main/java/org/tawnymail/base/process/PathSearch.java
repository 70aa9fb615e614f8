package org.tawnymail.base.process;

import java.util.ArrayList;
import java.util.List;
import org.tawnymail.base.program.Environment;

/** Where a command name may lead (companions spec, section 0.4). */
final class PathSearch {

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

    private PathSearch() {}
}
