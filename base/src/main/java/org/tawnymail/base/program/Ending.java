package org.tawnymail.base.program;

/** How a command ended. */
public sealed interface Ending {

    /** It ended by itself, with an exit code of 0 to 255. */
    record Exited(int code) implements Ending {}

    /** It was ended by a signal: qmail's texts say that it crashed. */
    record Killed(int signal) implements Ending {}
}
