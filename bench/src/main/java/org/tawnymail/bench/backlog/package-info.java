/**
 * A server with very many messages that wait: whether they slow new mail down, how much memory they take, and how long a
 * start takes with them.
 *
 * <p>The messages are put into the queue directory while no server runs, as they would be after a day without the host that
 * they are for: accepted, routed, due again later. What must never happen: that one of them falls due while something is
 * measured.
 */
@NullMarked
package org.tawnymail.bench.backlog;

import org.jspecify.annotations.NullMarked;
