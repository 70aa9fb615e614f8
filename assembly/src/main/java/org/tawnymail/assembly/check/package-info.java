/**
 * Looks at a home and names every mistake in it, each in one line with the file, what is wrong, and the mend: {@code tawny
 * check}; the worst of them stop {@code serve} before it begins.
 *
 * <p>{@link org.tawnymail.assembly.check.Check} is the program. {@link org.tawnymail.assembly.check.ControlCheck} reads each
 * control file, {@link org.tawnymail.assembly.check.DomainCheck} what they say together, {@link
 * org.tawnymail.assembly.check.UsersCheck} the files in {@code users}, {@link org.tawnymail.assembly.check.DotQmailCheck} the
 * homes with their {@code .qmail} files, {@link org.tawnymail.assembly.check.PlacesCheck} owners and permissions.
 *
 * <p>What must never happen: anything is changed; the network is asked; a look takes longer because somebody has made a
 * million files.
 */
@NullMarked
package org.tawnymail.assembly.check;

import org.jspecify.annotations.NullMarked;
