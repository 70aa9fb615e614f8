package org.tawnymail.queue.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.tawnymail.queue.disk.Disk;

/**
 * The journal on a local disk: one directory with a file for each {@linkplain Segment segment}, named by its number in ten
 * digits, spare files to be written again, and the {@linkplain NumberFile numbers}.
 *
 * <p>A start never goes on writing in a segment of an earlier run: behind a torn tail there may lie whole records that
 * nobody was promised, and new ones must not join them. It seals that segment and begins the next.
 */
public final class SegmentJournal implements Journal {

    /** How much is gathered for one write; a larger group takes several, and still one force. */
    private static final int STAGING = 1 << 20;

    private final Disk disk;
    private final Path directory;
    private final Path damaged;
    private final NumberFile numbers;
    private final SegmentSupply supply;
    private final JournalLimits limits;
    private final Consumer<String> log;
    private final boolean readOnly;

    /** Those that are written no more; a stuck one could not be removed and stays for good. */
    private final ConcurrentNavigableMap<Integer, Segment> segments = new ConcurrentSkipListMap<>();

    private final ConcurrentNavigableMap<Integer, Segment> stuck = new ConcurrentSkipListMap<>();
    private volatile @Nullable Segment active;

    /** The highest number of a segment that the writer has turned its back on. */
    private volatile int lastLeft;

    // Of the writing thread alone.
    private final ByteBuffer staging;
    private final byte[] forced = new byte[RecordFormat.FORCED_LENGTH];
    private RecordFormat.Seal seal;
    private int position;
    private int durable;
    private int marked;
    private int lastClosed;
    private boolean broken;

    /** The active segment had no room even for a mark: what follows must not overtake that mark. */
    private boolean exhausted;

    private SegmentJournal(
            Disk disk, Path queue, JournalLimits limits, NumberFile numbers, Consumer<String> log, boolean readOnly) {
        this.disk = disk;
        this.directory = directory(queue);
        this.damaged = queue.resolve("damaged");
        this.limits = limits;
        this.log = log;
        this.readOnly = readOnly;
        this.numbers = numbers;
        this.supply = new SegmentSupply(disk, directory, numbers, limits, log);
        this.staging = ByteBuffer.allocateDirect(readOnly ? 0 : STAGING);
        this.seal = new RecordFormat.Seal(numbers.salt());
    }

    /**
     * The journal of a queue that this process owns.
     *
     * @param random for the salt of a new queue
     * @param log takes one line for each thing that an operator should know
     */
    public static SegmentJournal own(
            Disk disk, Path queue, JournalLimits limits, RandomGenerator random, Consumer<String> log)
            throws IOException {
        Path directory = directory(queue);
        disk.makeDirectory(directory);
        boolean anySegments = disk.list(directory).stream().anyMatch(name -> SegmentFiles.numberOf(name) >= 0);
        NumberFile numbers = NumberFile.open(disk, directory, random, anySegments);
        return new SegmentJournal(disk, queue, limits, numbers, log, false);
    }

    /** The journal of a queue that another process may own and change meanwhile: for {@link #replay} and {@link #read}. */
    public static SegmentJournal look(Disk disk, Path queue) throws IOException {
        NumberFile numbers = NumberFile.look(disk, directory(queue));
        return new SegmentJournal(disk, queue, JournalLimits.DEFAULT, numbers, line -> {}, true);
    }

    private static Path directory(Path queue) {
        return queue.resolve("journal");
    }

    /** The numbers of messages. */
    public NumberFile numbers() {
        return numbers;
    }

    @Override
    public void replay(Reader reader) throws IOException {
        List<Segment> found = new SegmentFiles(disk, directory, log).open(numbers, supply, readOnly);
        seal = new RecordFormat.Seal(numbers.salt());
        for (Segment segment : found) {
            try {
                new SegmentReplay(segment, numbers.salt(), log).replay(record -> {
                    numbers.sawMessage(record.message());
                    show(record, reader);
                });
            } catch (IOException e) {
                segment.damaged();
                log.accept("queue: unable to read " + segment.path() + ": " + e.getMessage());
            }
            segments.put(segment.number(), segment);
            lastClosed = segment.number();
        }
    }

    /** A record that is whole and makes no sense can only be a defect of ours; it must not keep the mail from starting. */
    private void show(JournalRecord record, Reader reader) {
        try {
            reader.record(record);
        } catch (IndexOutOfBoundsException defect) {
            log.accept("queue: a record about message " + record.message() + " is passed over, it makes no sense: "
                    + defect.getMessage());
        }
    }

    @Override
    public void open() {
        for (Segment segment : segments.values()) {
            if (!segment.isSealed() && !segment.isSuspect()) {
                try {
                    segment.file().force();
                    segment.seal(numbers.salt());
                } catch (IOException e) {
                    segment.suspect();
                    log.accept("queue: unable to seal " + segment.path() + ": " + e.getMessage());
                }
            }
        }
        groupEnded();
        supply.start();
    }

    @Override
    public long append(byte[] record, int length, boolean refusable) throws IOException {
        Segment segment = active;
        if (segment == null || exhausted || !fits(segment, length, refusable)) {
            segment = makeRoom(length, refusable);
        }
        if (durable > marked) {
            RecordFormat.begin(forced, RecordFormat.FORCED, 0);
            RecordFormat.putInt(forced, RecordFormat.PAYLOAD, durable);
            marked = durable;
            stage(segment, forced, RecordFormat.FORCED_LENGTH);
        }
        return Place.of(segment.number(), stage(segment, record, length));
    }

    private int stage(Segment segment, byte[] record, int length) throws IOException {
        if (staging.remaining() < length) {
            write();
        }
        int at = position + staging.position();
        seal.close(record, length, segment.number(), at);
        staging.put(record, 0, length);
        return at;
    }

    private boolean fits(Segment segment, int length, boolean refusable) {
        int left = segment.capacity() - position - staging.position() - length - RecordFormat.FORCED_LENGTH;
        return left >= 0 && (!refusable || left >= limits.reserve(segment.capacity()) || supply.isReady());
    }

    private Segment makeRoom(int length, boolean refusable) throws IOException {
        boolean ready = !broken && supply.awaitReady();
        Segment segment = active;
        if (segment != null && !exhausted && fits(segment, length, refusable)) {
            return segment;
        }
        if (!ready) {
            exhausted |= !refusable;
            throw new NoRoom("no room in " + directory);
        }
        write();
        force();
        if (active != null) {
            retireActive();
        }
        Segment next = supply.take();
        position = Segment.FIRST_RECORD;
        durable = 0;
        marked = 0;
        exhausted = false;
        active = next;
        return next;
    }

    /** Seals the active segment, all of which is durable. */
    private void retireActive() throws JournalBroken {
        Segment segment = active;
        if (segment == null) {
            return;
        }
        segment.end(position);
        segments.put(segment.number(), segment);
        lastClosed = segment.number();
        active = null;
        try {
            segment.seal(numbers.salt());
        } catch (IOException e) {
            broken = true;
            throw new JournalBroken("unable to seal " + segment.path() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void write() throws IOException {
        Segment segment = active;
        if (segment == null || staging.position() == 0) {
            return;
        }
        staging.flip();
        int length = staging.remaining();
        try {
            segment.file().write(staging, position);
            position += length;
        } catch (IOException e) {
            // Part of it may be there: nothing more is written behind it, and the seal stands before it.
            force();
            retireActive();
            throw e;
        } finally {
            staging.clear();
        }
    }

    @Override
    public void force() throws JournalBroken {
        Segment segment = active;
        if (segment == null || durable == position) {
            return;
        }
        try {
            segment.file().force();
            durable = position;
        } catch (IOException e) {
            broken = true;
            throw new JournalBroken("a force of " + segment.path() + " failed: " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] read(long place, int length) throws IOException {
        int number = Place.segment(place);
        Segment segment = segments.get(number);
        if (segment == null) {
            // Between active and closed there is a moment in which a segment is both, and none in which it is neither.
            Segment writing = active;
            segment = writing != null && writing.number() == number ? writing : segments.get(number);
        }
        if (segment == null || !segment.hold()) {
            throw new Gone("journal segment " + number + " is gone");
        }
        byte[] record = new byte[length];
        try {
            int offset = Place.offset(place);
            boolean whole = segment.file().read(record, 0, length, offset) == length
                    && RecordFormat.isPlausible(record, 0)
                    && RecordFormat.headLength(record, 0) <= length
                    && new RecordFormat.Seal(numbers.salt()).holds(record, 0, number, offset);
            if (!whole) {
                throw new IOException("the record at offset " + offset + " of " + segment.path() + " is damaged");
            }
            return record;
        } finally {
            segment.release();
        }
    }

    @Override
    public void groupEnded() {
        if (lastClosed > lastLeft) {
            lastLeft = lastClosed;
        }
    }

    @Override
    public List<Integer> segments() {
        return List.copyOf(segments.headMap(lastLeft, true).keySet());
    }

    @Override
    public boolean exists(int number) {
        Segment writing = active;
        return segments.containsKey(number)
                || stuck.containsKey(number)
                || (writing != null && writing.number() == number);
    }

    @Override
    public long used(int number) {
        Segment segment = segments.get(number);
        return segment == null ? 0 : segment.end() - Segment.FIRST_RECORD;
    }

    @Override
    public boolean isSuspect(int number) {
        Segment segment = segments.get(number);
        return segment != null && segment.isSuspect();
    }

    @Override
    public void scan(int number, Reader reader) throws IOException {
        Segment segment = segments.get(number);
        if (segment != null) {
            new SegmentReplay(segment, numbers.salt(), log).scan(reader);
        }
    }

    @Override
    public void drop(int number) throws IOException {
        Segment segment = segments.remove(number);
        if (segment == null) {
            return;
        }
        segment.retire();
        try {
            segment.close();
            if (segment.isDamaged()) {
                setAside(segment);
            } else {
                supply.recycle(segment);
            }
        } catch (IOException e) {
            stuck.put(number, segment);
            throw e;
        }
    }

    private void setAside(Segment segment) throws IOException {
        disk.makeDirectory(damaged);
        Path kept = damaged.resolve(SegmentFiles.name(segment.number()));
        disk.rename(segment.path(), kept);
        disk.forceDirectory(damaged);
        disk.forceDirectory(directory);
        log.accept("queue: nothing in it is needed any more: the damaged segment is kept as " + kept);
    }

    @Override
    public boolean isFull() {
        return broken || supply.isFull();
    }

    @Override
    public void close() throws IOException {
        if (readOnly) {
            for (Segment segment : segments.values()) {
                segment.close();
            }
            return;
        }
        try {
            if (!broken) {
                write();
                force();
                retireActive();
            }
        } finally {
            supply.close();
            for (Segment segment : segments.values()) {
                segment.close();
            }
        }
        numbers.close();
    }
}
