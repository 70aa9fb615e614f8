package org.tawnymail.inject;

import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/** The last words of qmail-inject (core spec, section 3.14). */
final class Fatal {

    private static final String PREFIX = "qmail-inject: fatal: ";

    static Complaint readError() {
        return temporary("read error");
    }

    static Complaint writeError() {
        return temporary("write error");
    }

    /** The home directory is not there. */
    static Complaint internalBug() {
        return temporary("internal bug");
    }

    /** A field, setting or sender that is no address; a line end after it is not repeated. */
    static Complaint unparsableLine(String line) {
        String shown = line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
        return permanent("unable to parse this line:\n".concat(shown));
    }

    static Complaint unparsableAddress(String argument) {
        return permanent("unable to parse address: ".concat(argument));
    }

    static Complaint permanent(String text) {
        return new Complaint(ExitCode.PERMANENT, PREFIX.concat(text));
    }

    static Complaint temporary(String text) {
        return new Complaint(ExitCode.TEMPORARY, PREFIX.concat(text));
    }

    private Fatal() {}
}
