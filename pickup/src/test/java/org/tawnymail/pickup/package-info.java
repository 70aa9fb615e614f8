/** What the tests of this wing share: scripted connections and commands inside the process. */
@NullMarked
package org.tawnymail.pickup;

import org.jspecify.annotations.NullMarked;
