/** The log in the system's own log: {@link org.tawnymail.send.syslog.Splogger} (core spec, section 11.7). */
@NullMarked
package org.tawnymail.send.syslog;

import org.jspecify.annotations.NullMarked;
