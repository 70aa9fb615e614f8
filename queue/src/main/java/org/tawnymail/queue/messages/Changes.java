package org.tawnymail.queue.messages;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tawnymail.queue.journal.Append;
import org.tawnymail.queue.journal.Append.Weight;
import org.tawnymail.queue.journal.GroupCommit;
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

    Changes(GroupCommit writer, MessageTable table, FreshRecords fresh, LargeFiles files, Consumer<String> log) {
        this.writer = writer;
        this.table = table;
        this.fresh = fresh;
        this.files = files;
        this.log = log;
    }

    Set<QueuedMessage> unsaved() {
        return unsaved;
    }

    /**
     * A new message.
     *
     * @param accepted is called by the writing thread once it is durable
     */
    void accept(QueuedMessage message, byte[] record, int length, Completion completion, Runnable accepted) {
        completion.expect();
        writer.submit(new Append(record, length, Weight.REFUSABLE) {
            private long place;

            @Override
            protected void placed(long at) {
                place = at;
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
        append(message, piece, record, piece.length(), Weight.MARK, null);
    }

    /** The same again elsewhere. */
    void repeat(QueuedMessage message, Piece piece, byte[] record, Completion completion) {
        append(message, piece, record, piece.length(), Weight.DURABLE, completion);
    }

    private void append(
            QueuedMessage message,
            Piece piece,
            byte[] record,
            int length,
            Weight weight,
            @Nullable Completion completion) {
        expect(completion);
        writer.submit(new Append(record, length, weight) {
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
                settle(completion);
            }

            @Override
            protected void failed(IOException why) {
                unsaved.add(message);
                fail(completion, why);
            }
        });
    }

    /** A mark. */
    void mark(QueuedMessage message, byte[] record) {
        mark(message, record, Weight.MARK, null);
    }

    private void mark(QueuedMessage message, byte[] record, Weight weight, @Nullable Completion completion) {
        expect(completion);
        writer.submit(new Append(record, record.length, weight) {
            @Override
            protected void placed(long at) {
                message.marksIn(Place.segment(at));
            }

            @Override
            protected void settled() {
                settle(completion);
            }

            @Override
            protected void failed(IOException why) {
                unsaved.add(message);
                fail(completion, why);
            }
        });
    }

    /** A mark that is made again, with others of its message. */
    void repeatMark(QueuedMessage message, byte[] record, Completion completion, FirstMark first) {
        completion.expect();
        writer.submit(new Append(record, record.length, Weight.DURABLE) {
            @Override
            protected void placed(long at) {
                message.marksIn(Place.segment(at));
                first.placed(Place.segment(at));
            }

            @Override
            protected void settled() {
                first.settled(message);
                completion.settled();
            }

            @Override
            protected void failed(IOException why) {
                completion.failed(why);
            }
        });
    }

    /** Where the first of a row of repeated marks lies; once all of them are durable, older ones do not count. */
    static final class FirstMark {

        private int open;
        private int segment;

        /** @param marks how many there are in the row */
        FirstMark(int marks) {
            open = marks;
        }

        private void placed(int at) {
            segment = segment == 0 ? at : segment;
        }

        private void settled(QueuedMessage message) {
            if (--open == 0) {
                message.marksAnewFrom(segment);
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
        Weight weight = message.large ? Weight.DURABLE : Weight.MARK;
        writer.submit(new Append(MarkRecords.finished(message.number, new int[1]), MarkRecords.DUE_SECONDS, weight) {
            private int[] copies = {};
            private int segment;

            @Override
            protected void prepare() {
                copies = table.copies(message);
                become(MarkRecords.finished(message.number, copies));
            }

            @Override
            protected void placed(long at) {
                segment = Place.segment(at);
            }

            @Override
            protected void settled() {
                table.finished(message, segment, copies);
                if (message.large) {
                    deleteFiles(message);
                }
            }

            @Override
            protected void failed(IOException why) {
                // After a crash it may come to life again, and be delivered twice.
                table.buried(message);
            }
        });
    }

    /** Another finished record, verbatim, because the one there was is about to go. */
    void repeatFinished(byte[] record, int[] copies, Completion completion) {
        completion.expect();
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

    private void deleteFiles(QueuedMessage message) {
        try {
            files.delete(message.number);
        } catch (IOException e) {
            log.accept("queue: unable to delete the large file of message " + message.number + ": " + e.getMessage());
        }
    }

    private static void expect(@Nullable Completion completion) {
        if (completion != null) {
            completion.expect();
        }
    }

    private static void settle(@Nullable Completion completion) {
        if (completion != null) {
            completion.settled();
        }
    }

    private static void fail(@Nullable Completion completion, IOException why) {
        if (completion != null) {
            completion.failed(why);
        }
    }
}
