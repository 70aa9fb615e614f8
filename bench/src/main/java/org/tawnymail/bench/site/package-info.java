/**
 * Where a measurement takes place: a disk of its own, a home on it, and the server that is measured.
 *
 * <p>In: the options that all measurements of a server share. Out: a running {@link
 * org.tawnymail.harness.ServerUnderTest}, as often as it is wanted. What must never happen: that two measurements can be told
 * apart by where they were made; so the disk is described in the first line of every report.
 */
@NullMarked
package org.tawnymail.bench.site;

import org.jspecify.annotations.NullMarked;
