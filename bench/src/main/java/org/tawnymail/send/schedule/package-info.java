/** Benchmarks of what stands in the room of the same name, for {@code ./tawny bench jmh}. */
@NullMarked
package org.tawnymail.send.schedule;

import org.jspecify.annotations.NullMarked;
