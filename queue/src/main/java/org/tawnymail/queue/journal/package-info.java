/**
 * The journal: an ordered log of records in append-only segments, written by one thread, made durable by groups.
 *
 * <p>In come {@link org.tawnymail.queue.journal.Append}s from many threads, through {@link
 * org.tawnymail.queue.journal.GroupCommit}; out come {@link org.tawnymail.queue.journal.JournalRecord}s, at the start and when
 * somebody asks for a place. The journal knows where records are and whether they are whole. What they mean is the
 * business of {@code queue.messages}; how the log is kept is that of the {@link org.tawnymail.queue.journal.Journal},
 * of which {@link org.tawnymail.queue.journal.SegmentJournal} is the one on a local disk.
 *
 * <p>What must never happen: a record is reported durable before a force that followed its write has ended well; a record
 * that was torn or damaged is handed out; a state of the disk keeps the journal from opening.
 */
@NullMarked
package org.tawnymail.queue.journal;

import org.jspecify.annotations.NullMarked;
