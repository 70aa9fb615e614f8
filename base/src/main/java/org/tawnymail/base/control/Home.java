package org.tawnymail.base.control;

import java.nio.file.Path;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Environment;

/**
 * The home directory of the mail system: {@code /var/qmail} where it is installed, {@code ./var} in the playground.
 *
 * <p>Every program finds it in the same way: the variable {@value #VARIABLE}, else {@value #DEFAULT}. The launcher sets
 * the variable from its option {@code --home}, and to the playground's home in a checkout.
 *
 * @param path the absolute path
 */
public record Home(Path path) {

    /** The environment variable that names the home directory. */
    public static final String VARIABLE = "TAWNY_HOME";

    /** The home directory of an installed system (core spec, section 0). */
    public static final String DEFAULT = "/var/qmail";

    public Home {
        path = path.toAbsolutePath().normalize();
    }

    public static Home of(Environment environment) {
        return new Home(Octets.path(
                environment.get(VARIABLE).filter(name -> !name.isEmpty()).orElse(DEFAULT)));
    }

    /** Its control files. */
    public ControlFiles controls() {
        return new ControlFiles(path.resolve("control"));
    }

    /** Where the queue lives. */
    public Path queue() {
        return path.resolve("queue");
    }

    /** The users database and what it is made from (core spec, section 5.5). */
    public Path users() {
        return path.resolve("users");
    }
}
