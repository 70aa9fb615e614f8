/**
 * {@code .qmail} files: which one governs an address, and what its lines say (core spec, sections 6.3 and 6.4).
 *
 * <p>In come the dash and extension of an address and the directory of a user; out comes a list of {@link
 * org.tawnymail.local.dotqmail.Instruction}s. Nothing here delivers.
 *
 * <p>What must never happen: an extension climbs out of the user's directory ({@code .} becomes {@code :}), or a file that
 * anybody may write gives orders.
 */
@NullMarked
package org.tawnymail.local.dotqmail;

import org.jspecify.annotations.NullMarked;
