package org.tawnymail.proof;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tawnymail.proof.disk.Lie;

/**
 * Mistakes that a mail system could make, planted into the one that runs, which lives on with the consequences: the proof of
 * the proof. Most are a disk that says that it has done what it has not, which is the same as a program that did not ask for
 * it.
 */
enum Mistake {
    /** None. */
    NONE,
    /** The journal is written and never forced. */
    FORCE_LEFT_OUT(Lie.JOURNAL_FORCE),
    /** The sender is told before the force: whoever submits gets the answer at once. */
    ACKNOWLEDGED_BEFORE_FORCE,
    /** Files are forced, their names are not. */
    DIRECTORY_NOT_FORCED(Lie.DIRECTORY_FORCE),
    /** A large message is not forced before the record that speaks of it. */
    LARGE_FILE_NOT_FORCED(Lie.LARGE_FILE_FORCE),
    /** An old segment goes before the last message that was moved out of it is durable. */
    SEGMENT_DELETED_EARLY(Lie.REMOVAL_BEFORE_FORCE),
    /** A recipient is marked done while the message is not yet durable in the mailbox: the shared flush does nothing. */
    MARKED_BEFORE_DURABLE(Lie.MAILBOX_FORCE),
    /** A message gets its name in {@code new} before its bytes are durable. */
    RENAMED_BEFORE_DURABLE(Lie.MAILDIR_MESSAGE_FORCE);

    private final @Nullable Lie lie;

    Mistake() {
        this.lie = null;
    }

    Mistake(Lie lie) {
        this.lie = lie;
    }

    /** What the disk says that is not true. */
    Set<Lie> lies() {
        return lie == null ? Set.of() : Set.of(lie);
    }

    /** The name on a command line: {@code force-left-out}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
