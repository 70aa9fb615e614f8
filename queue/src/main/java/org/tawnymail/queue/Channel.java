package org.tawnymail.queue;

/** The two ways out of the queue. */
public enum Channel {
    /** To a mailbox or program of this host. */
    LOCAL,
    /** To another host. */
    REMOTE
}
