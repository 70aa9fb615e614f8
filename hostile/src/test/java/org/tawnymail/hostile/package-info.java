/**
 * Hostile input: a seeded maker of random, half-right and mutated inputs, and one test for every parser that holds it to a
 * defined answer, in bounded time and memory.
 *
 * <p>{@link org.tawnymail.hostile.HostileInputs} runs a parser over its inputs; {@link org.tawnymail.hostile.InputMaker}
 * makes them. The tests of parsers that are private to a package stand in a package of that name. doc/hostile-input.md
 * lists the limits and says how to run other seeds.
 */
@NullMarked
package org.tawnymail.hostile;

import org.jspecify.annotations.NullMarked;
