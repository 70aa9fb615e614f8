package org.tawnymail.local.users;

import org.tawnymail.base.Outcome;

/** Whose mail it is could not be found out just now. */
public final class LookupFailure extends Exception {

    private final int exitCode;

    /** @param why what happened, for the log */
    LookupFailure(LspawnReport report, String why) {
        this(report.exitCode(), why);
    }

    /**
     * @param exitCode what a qmail-getpw ended with
     * @param why what happened, for the log
     */
    LookupFailure(int exitCode, String why) {
        super(why);
        this.exitCode = exitCode;
    }

    /** What qmail-getpw ends with. */
    int exitCode() {
        return exitCode;
    }

    /** What qmail-lspawn reports, whose child would have ended with the same code and without a word. */
    public Outcome outcome() {
        return LspawnReport.outcome(exitCode, "");
    }
}
