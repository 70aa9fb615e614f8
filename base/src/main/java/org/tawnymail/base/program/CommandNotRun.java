package org.tawnymail.base.program;

import java.io.IOException;

/** A command could not be started: what a failed {@code exec} would have been. */
public final class CommandNotRun extends IOException {

    private final boolean temporary;

    /**
     * @param reason the system's error as the core spec, section 15.1 words it, such as {@code file does not exist}
     * @param temporary whether section 15.2 counts the error among those worth another try
     */
    public CommandNotRun(String reason, boolean temporary) {
        super(reason);
        this.temporary = temporary;
    }

    /** Whether a later attempt may succeed. */
    public boolean isTemporary() {
        return temporary;
    }
}
