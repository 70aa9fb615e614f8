package org.tawnymail.pickup.login;

/** What reading descriptor 3 gave: {@link Credentials}, or the exit code of a program that got none. */
sealed interface Reading permits Credentials, Reading.Refused {

    /** Nothing that could be checked. */
    record Refused(int exitCode) implements Reading {}
}
