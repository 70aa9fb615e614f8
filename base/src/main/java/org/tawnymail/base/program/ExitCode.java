package org.tawnymail.base.program;

/** The exit codes that mean the same in every program (core spec, section 0). */
public final class ExitCode {

    /** Success. */
    public static final int SUCCESS = 0;

    /** In a {@code .qmail} program line: success, and ignore the lines that follow (core spec, section 6.5). */
    public static final int STOP = 99;

    /** Permanent failure: wrong usage, or a delivery that will never succeed. */
    public static final int PERMANENT = 100;

    /** Temporary failure: worth trying again later. */
    public static final int TEMPORARY = 111;

    private ExitCode() {}
}
