package org.tawnymail.local.users;

/** Whose mail it is could not be found out just now. */
public final class LookupFailure extends Exception {

    private final LspawnReport report;

    /** @param why what happened, for the log */
    LookupFailure(LspawnReport report, String why) {
        super(why);
        this.report = report;
    }

    /** What qmail-lspawn reports. */
    public LspawnReport report() {
        return report;
    }
}
