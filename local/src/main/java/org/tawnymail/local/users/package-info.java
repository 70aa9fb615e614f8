/**
 * Whose mail an address is: users/assign and users/cdb, and the accounts of the system (core spec, section 5).
 *
 * <p>In comes the local part of an address; out comes a {@link org.tawnymail.local.users.LocalUser}, always: what nobody
 * else has belongs to the alias account. A look-up that cannot be made just now is a {@link
 * org.tawnymail.local.users.LookupFailure}, which defers the mail.
 *
 * <p>What must never happen: a damaged or unreadable database, or a directory server that does not answer, is taken for
 * "no such user".
 */
@NullMarked
package org.tawnymail.local.users;

import org.jspecify.annotations.NullMarked;
