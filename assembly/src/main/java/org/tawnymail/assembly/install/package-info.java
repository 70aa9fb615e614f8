/**
 * The installed system on the disk (core spec, sections 1.2, 1.3, 11.9 and 11.10).
 *
 * <p>{@link org.tawnymail.assembly.install.HomeLayout} says what is where, whose it is and with which mode; {@link
 * org.tawnymail.assembly.install.Install} makes it so, {@link org.tawnymail.assembly.install.Instcheck} says where it is not.
 *
 * <p>What must never happen: a file that a person has written (control files, {@code .qmail} files, {@code users/}) is changed;
 * root follows a link that somebody else has put into the home.
 */
@NullMarked
package org.tawnymail.assembly.install;

import org.jspecify.annotations.NullMarked;
