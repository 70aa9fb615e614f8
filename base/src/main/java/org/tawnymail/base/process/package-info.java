/**
 * Running programs: the process that we are, the child processes that we start, and the programs that run inside us.
 *
 * <p>{@link org.tawnymail.base.process.OwnProcess} turns what the operating system gave this process into a {@link
 * org.tawnymail.base.program.Call}; {@link org.tawnymail.base.process.ProgramCommands} runs a call as one of our own
 * programs on a virtual thread or as a child process.
 *
 * <p>Arguments, environment and descriptors reach a child octet for octet and number for number, which the JDK's own
 * {@code ProcessBuilder} cannot do.
 */
@NullMarked
package org.tawnymail.base.process;

import org.jspecify.annotations.NullMarked;
