package org.tawnymail.queue.messages;

import java.io.IOException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.tawnymail.queue.journal.Append;
import org.tawnymail.queue.journal.Append.Weight;
import org.tawnymail.queue.journal.GroupCommit;
import org.tawnymail.queue.journal.Journal;
import org.tawnymail.queue.journal.Place;

/**
 * What is appended to the journal about messages, and what the table learns when it is written. All methods but {@link
 * #accept} are called with the lock of the message held, so that the journal has its records in order.
 */
final class Changes {

    private final GroupCommit writer;
    private final MessageTable table;
    private final FreshRecords fresh;
    private final LargeFiles files;
    private final Consumer<String> log;

    /** Messages of which a mark could not be written: the cleaner appends their state when there is room. */
    private final Set<QueuedMessage> unsaved = ConcurrentHashMap.newKeySet();

    /** Finished messages whose finished record could not be written: after a start they would come to life again. */
    private final Queue<Burial> unburied = new ConcurrentLinkedQueue<>();

    Changes(GroupCommit writer, MessageTable table, FreshRecords fresh, LargeFiles files, Consumer<String> log) {
        this.writer = writer;
        this.table = table;
        this.fresh = fresh;
        this.files = files;
        this.log = log;
    }

    /** A message that is finished, and the segments where it lies. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Burial(long message, int[] copies) {}

    Queue<Burial> unburied() {
        return unburied;
    }

    Set<QueuedMessage> unsaved() {
        return unsaved;
    }

    /**
     * A new message.
     *
     * @param accepted is called by the writing thread once it is durable
     */
    void accept(QueuedMessage message, RecordDraft draft, Completion completion, Runnable accepted) {
        int length = draft.length();
        completion.expect();
        writer.submit(new Append(draft.record(), length, Weight.REFUSABLE) {
            private long place;

            @Override
            protected void placed(long at) {
                place = at;
                draft.placed();
            }

            @Override
            protected void settled() {
                message.accepted.place(place);
                table.occupancy().add(Place.segment(place), length);
                fresh.add(message.accepted);
                accepted.run();
                completion.settled();
            }

            @Override
            protected void failed(IOException why) {
                completion.failed(why);
            }
        });
    }

    /** A piece of routing or bounce text. */
    void add(QueuedMessage message, Piece piece, byte[] record) {
        writer.submit(new Change(message, record, piece.length()) {
            private long place;

            @Override
            protected void placed(long at) {
                place = at;
            }

            @Override
            protected void settled() {
                piece.place(place);
                fresh.add(piece);
            }
        });
    }

    /** A mark. */
    void mark(QueuedMessage message, byte[] record) {
        writer.submit(new Change(message, record, record.length) {
            @Override
            protected void placed(long at) {
                message.marksIn(Place.segment(at));
            }
        });
    }

    /** A record about a message that nobody waits for. */
    private abstract class Change extends Append {

        private final QueuedMessage message;

        Change(QueuedMessage message, byte[] record, int length) {
            super(record, length, Weight.MARK);
            this.message = message;
        }

        @Override
        protected boolean prepare() {
            return !message.unsaved;
        }

        @Override
        protected void failed(IOException why) {
            message.unsaved = true;
            unsaved.add(message);
        }
    }

    /**
     * The state of a message, appended again: some pieces, then all marks. It makes up for records that could not be
     * written.
     */
    Repetition repetition(QueuedMessage message, Completion completion) {
        return new Repetition(message, completion);
    }

    /** The records of one repetition; if one fails, those behind it fail too. */
    final class Repetition {

        private final QueuedMessage message;
        private final Completion completion;

        // Of the writing thread alone.
        private boolean begun;
        private boolean failed;
        private int firstMark;

        private Repetition(QueuedMessage message, Completion completion) {
            this.message = message;
            this.completion = completion;
        }

        void piece(Piece piece, byte[] record) {
            completion.expect();
            writer.submit(new Repeated(record, piece.length()) {
                private long place;

                @Override
                protected void placed(long at) {
                    place = at;
                }

                @Override
                protected void settled() {
                    boolean isNew = piece.place() == Place.NONE;
                    piece.place(place);
                    if (isNew) {
                        fresh.add(piece);
                    }
                    completion.settled();
                }
            });
        }

        /**
         * One of the marks.
         *
         * @param last whether it is the last one: once that is durable, older marks do not count
         */
        void mark(byte[] record, boolean last) {
            completion.expect();
            writer.submit(new Repeated(record, record.length) {
                @Override
                protected void placed(long at) {
                    message.marksIn(Place.segment(at));
                    firstMark = firstMark == 0 ? Place.segment(at) : firstMark;
                }

                @Override
                protected void settled() {
                    if (last && !failed) {
                        message.marksAnewFrom(firstMark);
                    }
                    completion.settled();
                }
            });
        }

        private abstract class Repeated extends Append {

            Repeated(byte[] record, int length) {
                super(record, length, Weight.DURABLE);
            }

            @Override
            protected boolean prepare() {
                if (!begun) {
                    begun = true;
                    message.unsaved = false;
                }
                return !failed;
            }

            @Override
            protected void failed(IOException why) {
                failed = true;
                message.unsaved = true;
                unsaved.add(message);
                completion.failed(why);
            }
        }
    }

    /** A copy of the message's own record. */
    void move(QueuedMessage message, byte[] record, Completion completion) {
        completion.expect();
        writer.submit(new Append(record, message.accepted.length(), Weight.REFUSABLE) {
            @Override
            protected void placed(long at) {
                message.movingTo = at;
            }

            @Override
            protected void settled() {
                table.moved(message, message.movingTo);
                message.movingTo = Place.NONE;
                completion.settled();
            }

            @Override
            protected void failed(IOException why) {
                message.movingTo = Place.NONE;
                completion.failed(why);
            }
        });
    }

    /** The end of a message. Its record names the segments where the message lies, which are known only when it is written. */
    void finish(QueuedMessage message) {
        Weight weight = message.isLarge() ? Weight.DURABLE : Weight.MARK;
        writer.submit(new Append(MarkRecords.finished(message.number, new int[1]), MarkRecords.DUE_SECONDS, weight) {
            private int[] copies = {};
            private int segment;

            @Override
            protected boolean prepare() {
                copies = table.copies(message);
                become(MarkRecords.finished(message.number, copies));
                return true;
            }

            @Override
            protected void placed(long at) {
                segment = Place.segment(at);
            }

            @Override
            protected void settled() {
                table.finished(message, segment, copies);
                if (message.isLarge()) {
                    deleteFiles(message);
                }
            }

            @Override
            protected void failed(IOException why) {
                table.buried(message);
                unburied.add(new Burial(message.number, copies));
            }
        });
    }

    /** A finished record again: the one there was is about to go, or was never written. */
    void repeatFinished(long message, int[] copies, Completion completion) {
        completion.expect();
        byte[] record = MarkRecords.finished(message, copies);
        writer.submit(new Append(record, record.length, Weight.DURABLE) {
            private int segment;

            @Override
            protected void placed(long at) {
                segment = Place.segment(at);
            }

            @Override
            protected void settled() {
                table.occupancy().tombstone(segment, copies);
                completion.settled();
            }

            @Override
            protected void failed(IOException why) {
                completion.failed(why);
            }
        });
    }

    /** A list of the segments that there are, without those that are about to be dropped. */
    void listSegments(Journal journal, Completion completion) {
        completion.expect();
        byte[] first = journal.listing();
        // Refusable: on a full disk segments are dropped without it, and it must not take what is left to the marks.
        writer.submit(new Append(first, first.length, Weight.REFUSABLE) {
            @Override
            protected boolean prepare() {
                become(journal.listing());
                return true;
            }

            @Override
            protected void settled() {
                completion.settled();
            }

            @Override
            protected void failed(IOException why) {
                completion.failed(why);
            }
        });
    }

    private void deleteFiles(QueuedMessage message) {
        try {
            files.delete(message.number);
        } catch (IOException e) {
            log.accept("queue: unable to delete the large file of message " + message.number + ": " + e.getMessage());
        }
    }
}
