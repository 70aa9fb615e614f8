/**
 * Who this host is: {@code config-fast}, which is told, and {@code config}, which asks the domain name system (core spec, section
 * 11.10). Both write the control files that the name decides.
 */
@NullMarked
package org.tawnymail.assembly.config;

import org.jspecify.annotations.NullMarked;
