package org.tawnymail.pickup.pop3;

/**
 * One command line (core spec, section 8.2).
 *
 * @param verb what stands before the first space, in lower case; empty, thus unknown, if the line begins with a space
 * @param argument what follows the spaces after the verb, spaces at its end included
 */
record Command(String verb, String argument) {

    /** What a line that is longer than any command stands for: a command that nobody knows. */
    static final Command UNKNOWN = new Command("", "");
}
