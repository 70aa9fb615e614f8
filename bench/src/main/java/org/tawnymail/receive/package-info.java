/** Benchmarks of what stands in the room of the same name, for {@code ./tawny bench jmh}. */
@NullMarked
package org.tawnymail.receive;

import org.jspecify.annotations.NullMarked;
