package org.tawnymail.base.program;

import java.io.IOException;

/**
 * One program of the mail system.
 *
 * <p>An instance may run many calls at the same time, each on a thread of its own (usually a virtual one); what belongs
 * to one call lives in local variables. Blocking is normal. A thread that is interrupted should end soon.
 */
@FunctionalInterface
public interface Program {

    /**
     * Runs to the end.
     *
     * @return the exit code, 0 to 255; see {@link ExitCode}
     * @throws IOException when a descriptor of the call broke and the program has no better answer: whoever runs it
     *     prints one line and takes the exit code for {@link ExitCode#TEMPORARY}
     */
    int run(Call call) throws IOException;
}
