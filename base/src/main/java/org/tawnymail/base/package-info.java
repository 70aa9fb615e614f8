/**
 * The ground that every other room stands on.
 *
 * <p>What is here is used by all and knows nothing of mail queues or protocols: the {@linkplain org.tawnymail.base.Outcome
 * outcome} of a delivery, and in the packages below it the Program contract ({@code program}), the operating system
 * ({@code posix}), control files ({@code control}), dates ({@code time}) and the byte formats ({@code cdb}, {@code
 * netstring}, {@code tai}).
 *
 * <p>Text that came from outside is a {@code String} decoded as ISO-8859-1: one {@code char} an octet, nothing lost.
 */
@NullMarked
package org.tawnymail.base;

import org.jspecify.annotations.NullMarked;
