package org.tawnymail.base.program;

import java.util.Optional;
import java.util.Set;

/** The programs that are ours, by name. */
public interface ProgramTable {

    /** The program of a name, such as {@code qmail-inject}; makes it if it has not been asked for before. */
    Optional<Program> find(String name);

    /** All names. */
    Set<String> names();
}
