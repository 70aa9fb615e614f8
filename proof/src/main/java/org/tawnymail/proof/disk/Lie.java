package org.tawnymail.proof.disk;

/** What a disk may claim to have done that it has not: a proof that does not notice proves nothing. */
public enum Lie {
    /** A force of a file of the queue's journal returns at once, and nothing has been forced. */
    JOURNAL_FORCE,
    /** A force of a file of the queue's that has a message or its recipients. */
    LARGE_FILE_FORCE,
    /** A force of a directory, whichever. */
    DIRECTORY_FORCE,
    /** Any force that a delivery to a mailbox asks for. */
    MAILBOX_FORCE,
    /** A force of a message in a Maildir; its name is forced as it should be. */
    MAILDIR_MESSAGE_FORCE,
    /** The removal of a segment of the journal overtakes the force that stood before it. */
    REMOVAL_BEFORE_FORCE
}
