/**
 * Measurements: {@code ./tawny bench NAME [--option value ...]}.
 *
 * <p>Everything here sees the mail system from outside, through its ports, its files and {@code /proc}, as a stranger's
 * tool would; so it can measure another server too. Benchmarks of single classes (JMH) will stand in a package {@code
 * jmh} beside these.
 */
@NullMarked
package org.tawnymail.bench;

import org.jspecify.annotations.NullMarked;
