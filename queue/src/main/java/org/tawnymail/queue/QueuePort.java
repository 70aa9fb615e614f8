package org.tawnymail.queue;

import org.tawnymail.base.posix.Identity;

/**
 * The one entry into the queue: what qmail-queue does, as an object.
 *
 * <p>Implemented by the queue itself in the process that owns it, and by a client of that process's socket elsewhere.
 * Safe for use by many threads.
 */
public interface QueuePort {

    /** Who submits, which decides the words of the {@code Received} line (core spec, section 2.4). */
    enum Origin {
        /** Mail that came over the network: {@code from network}. */
        NETWORK,
        /** A bounce of qmail-send's: {@code for bounce}. */
        BOUNCE,
        /** A forwarding or list of the alias account: {@code by alias}. */
        ALIAS,
        /** Any user of this machine: {@code by uid U}. */
        USER
    }

    /**
     * Begins a submission. Trouble at this point is the answer of its {@link Submission#commit}.
     *
     * @param origin believed only where submitter and queue are one process; across a socket the caller's uid decides
     */
    Submission begin(Origin origin);

    /**
     * Begins a submission of another user's, whom this process may act as: what root does for the users that it delivers to.
     * For the queue it is no different from one that a process of that user begins.
     */
    default Submission begin(Origin origin, Identity user) {
        return begin(origin);
    }
}
