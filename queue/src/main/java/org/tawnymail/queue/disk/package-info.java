/**
 * The disk as the queue sees it: a dozen operations, passed in, so that a test can stand in its place and lose power, fill
 * up or break at any one of them.
 *
 * <p>What the operations promise is what POSIX promises and no more: what was written is durable after a force of the file,
 * a name after a force of its directory.
 */
@NullMarked
package org.tawnymail.queue.disk;

import org.jspecify.annotations.NullMarked;
