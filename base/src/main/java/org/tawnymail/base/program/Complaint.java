package org.tawnymail.base.program;

import java.io.IOException;

/**
 * A program's last word: one line for descriptor 2, and the exit code. Thrown where an error is found, printed in one
 * place by the program's {@code run} or by whoever runs it.
 *
 * <p>It has no stack trace: it is an answer to a person, not a defect.
 */
public final class Complaint extends IOException {

    private final int exitCode;

    /**
     * @param line the whole line without its end, such as {@code forward: fatal: DTLINE not set}
     */
    public Complaint(int exitCode, String line) {
        super(line);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }

    /** The line as a person reads it. */
    public String line() {
        return String.valueOf(getMessage());
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
