/**
 * Benchmarks of single parts with JMH: parsers, appends to the journal, its replay, the schedule.
 *
 * <p>{@code ./tawny bench jmh [--only PATTERN]} runs them. What stands in a room of the product that only its neighbours may
 * use is measured by a class in a package of the same name here.
 */
@NullMarked
package org.tawnymail.bench.jmh;

import org.jspecify.annotations.NullMarked;
