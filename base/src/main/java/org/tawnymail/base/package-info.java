/**
 * The ground that every other room stands on.
 *
 * <p>What is here is used by all and knows nothing of mail queues or protocols: the {@linkplain org.tawnymail.base.Outcome
 * outcome} of a delivery, and in the packages below it the Program contract ({@code program}) and how programs are run
 * ({@code process}), the spawn protocol ({@code spawn}), the operating system ({@code posix}), control files ({@code
 * control}), dates ({@code time}), addresses of envelopes ({@code address}), lines ({@code line}) and the byte formats
 * ({@code cdb}, {@code netstring}, {@code tai}).
 *
 * <p>Text that came from outside is a {@code String} decoded as ISO-8859-1: one {@code char} an octet, nothing lost.
 */
@NullMarked
package org.tawnymail.base;

import org.jspecify.annotations.NullMarked;
