/** Hostile input for the parsers that are private to this package. */
@NullMarked
package org.tawnymail.remote.host;

import org.jspecify.annotations.NullMarked;
