/**
 * Mail through a server: in over SMTP at one end, out at the other, into a Maildir ({@link InboundBench}, {@link
 * BacklogBench}) or to another host ({@link RelayBench}). How many messages a second are accepted, how many arrive, and what
 * that costs.
 *
 * <p>A server of its own is started on an empty home, on a journaled file system of its own, and seen from outside: its
 * answers over SMTP, the files in its Maildir, its figures in {@code /proc}.
 *
 * <p>What must never happen: that looking on costs so much that it changes what is seen. While the load runs nothing is
 * counted; afterwards a directory is listed now and then, and the moment of the last delivery is read off the files.
 */
@NullMarked
package org.tawnymail.bench.flow;

import org.jspecify.annotations.NullMarked;
