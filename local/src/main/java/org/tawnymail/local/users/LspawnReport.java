package org.tawnymail.local.users;

import org.tawnymail.base.Outcome;
import org.tawnymail.base.program.ExitCode;

/**
 * What qmail-lspawn reports for what happens before and around qmail-local, with the exit codes that stand for it between
 * processes (core spec, section 5.2).
 */
public enum LspawnReport {
    USERS_DATABASE(117, "Trouble reading users/cdb in qmail-lspawn."),
    OUT_OF_MEMORY(119, "Out of memory in qmail-lspawn."),
    TEMPORARY_FAILURE(118, "Temporary failure in qmail-lspawn."),
    NO_ALIAS_USER(116, "Unable to find alias user!"),
    DELIVERY_AS_ROOT(113, "Not allowed to perform deliveries as root."),
    BUG(112, "Internal qmail-lspawn bug."),
    UNREADABLE_HOME(115, "NFS failure in qmail-local."),
    LOCAL_NEVER_RUNS(126, "Unable to run qmail-local."),
    LOCAL_NOT_RUN(120, "Unable to run qmail-local."),
    GETPW_NOT_RUN(121, "Unable to run qmail-getpw.");

    private final int exitCode;
    private final String text;

    LspawnReport(int exitCode, String text) {
        this.exitCode = exitCode;
        this.text = text;
    }

    public int exitCode() {
        return exitCode;
    }

    /** The outcome with its text, the line end included. */
    public Outcome outcome() {
        return this == LOCAL_NEVER_RUNS ? new Outcome.Failed(text + "\n") : new Outcome.Deferred(text + "\n");
    }

    /**
     * The outcome of an exit code of qmail-local: one of these, or what it printed.
     *
     * @param output the report that was collected
     */
    public static Outcome outcome(int code, String output) {
        for (LspawnReport report : values()) {
            if (report.exitCode == code) {
                return report.outcome();
            }
        }
        return switch (code) {
            case ExitCode.SUCCESS -> new Outcome.Delivered(output);
            case ExitCode.TEMPORARY, 71, 74, 75 -> new Outcome.Deferred(output);
            default -> new Outcome.Failed(output);
        };
    }
}
