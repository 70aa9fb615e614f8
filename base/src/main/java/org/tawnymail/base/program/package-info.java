/**
 * The Program contract: qmail's programs as functions of arguments, environment and numbered descriptors.
 *
 * <p>A {@link org.tawnymail.base.program.Program} is run three ways and cannot tell which: from a shell through the
 * launcher, inside this process by another program, or not at all because an outside executable stands in its place.
 * {@link org.tawnymail.base.program.Commands} is the one place that chooses between the last two.
 *
 * <p>What must never happen: a program that reads {@code System.in}, writes {@code System.out}, calls {@code
 * System.exit}, or looks at the directory, environment or descriptors of the process rather than those of its {@link
 * org.tawnymail.base.program.Call}.
 */
@NullMarked
package org.tawnymail.base.program;

import org.jspecify.annotations.NullMarked;
