package org.tawnymail.proof;

import java.util.List;
import java.util.Set;
import org.tawnymail.proof.disk.DiskChange;
import org.tawnymail.proof.disk.RecordingDisk;

/**
 * What one run of a mail system left: every change of the disk, and the history of what was promised.
 *
 * @param changes in their order
 * @param prepared the first so many were made before the run began, and all that they made is durable
 * @param letters all that were offered, here or before
 * @param events in the order in which they were noted
 * @param hits the faults of the disk that something met
 * @param repeats how many further copies of a letter the faults may have caused, at most
 * @param pieces how many torn pieces they may have left in an mbox, at most
 * @param unfinished how many messages wait at the end although every one has been tried to its end; {@link #NOT_TRIED} if
 *     they have not
 */
record Recording(
        List<DiskChange> changes,
        int prepared,
        List<Letter> letters,
        List<History.Event> events,
        Set<RecordingDisk.Hit> hits,
        int repeats,
        int pieces,
        int unfinished) {

    static final int NOT_TRIED = -1;
}
