package org.tawnymail.proof;

import java.util.List;
import org.tawnymail.proof.disk.DiskChange;

/**
 * What one run of a scenario left: every change of the disk, and the history of what was promised.
 *
 * @param log lines that the queue and qmail-send wrote which an operator would have to look after
 */
record Recording(List<DiskChange> changes, History history, List<String> log) {}
