/**
 * UCSPI: the door of the house. {@link org.tawnymail.tcp.TcpServer} listens, looks up who is calling, asks the rules in
 * {@link org.tawnymail.tcp.rules} whether he may come in, and runs a program for each connection, which sees nothing but
 * descriptors 0 and 1 and the variables of the companions spec, section 1.1.
 *
 * <p>What comes in: connections. What goes out: a {@link org.tawnymail.base.program.Call} per connection, on a virtual
 * thread of its own, with streams that are {@link org.tawnymail.base.program.Timed}.
 *
 * <p>What must never happen: more connections are served than the limit says; one that cannot be checked against the
 * rules is served all the same; a stranger who does nothing costs more than some tens of kilobytes.
 */
@NullMarked
package org.tawnymail.tcp;

import org.jspecify.annotations.NullMarked;
