package org.tawnymail.queue.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.tawnymail.queue.disk.Disk;
import org.tawnymail.queue.disk.ReadableParts;

/**
 * The journal on a local disk: one directory with a file for each {@linkplain Segment segment}, named by its number in ten
 * digits, spare files to be written again, and the {@linkplain NumberFile numbers}.
 *
 * <p>A start never goes on writing in a segment of an earlier run: behind a torn tail there may lie whole records that
 * nobody was promised, and new ones must not join them. It seals that segment and begins the next.
 */
public final class SegmentJournal implements Journal {

    /** How much is gathered for one write at most; a larger group takes several, and still one force. */
    private static final int STAGING = 1 << 20;

    private final Path directory;
    private final SetAside aside;
    private final NumberFile numbers;
    private final SegmentSupply supply;
    private final JournalLimits limits;
    private final Consumer<String> log;
    private final Consumer<Damage> damages;
    private final SegmentFiles files;
    private final boolean readOnly;

    /** Those that are written no more; a stuck one could not be removed and stays for good. */
    private final ConcurrentNavigableMap<Integer, Segment> segments = new ConcurrentSkipListMap<>();

    private final ConcurrentNavigableMap<Integer, Segment> stuck = new ConcurrentSkipListMap<>();

    /** Those that could not be opened: they are there all the same. */
    private volatile Set<Integer> unreadable = Set.of();

    private boolean isWhole = true;
    private volatile @Nullable Segment active;

    /** The highest number of a segment that the writer has turned its back on. */
    private volatile int lastLeft;

    // Of the writing thread alone.
    private ByteBuffer staging = ByteBuffer.allocate(0);
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
            Disk disk,
            Path queue,
            JournalLimits limits,
            NumberFile numbers,
            Consumer<String> log,
            Consumer<Damage> damages,
            boolean readOnly) {
        this.directory = directory(queue);
        this.aside = new SetAside(disk, queue);
        this.limits = limits;
        this.log = log;
        this.damages = damages;
        this.readOnly = readOnly;
        this.numbers = numbers;
        this.files = new SegmentFiles(disk, queue, directory, log, readOnly);
        this.supply = new SegmentSupply(disk, queue, directory, numbers, limits, log);
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
        NumberFile numbers = NumberFile.open(disk, queue, directory, random, anySegments, log);
        Consumer<Damage> damages = damage -> log.accept("queue: " + damage.line());
        return new SegmentJournal(disk, queue, limits, numbers, log, damages, false);
    }

    /**
     * The journal of a queue that another process may own and change meanwhile: for {@link #replay} and {@link #read}.
     *
     * @param log takes one line for each file that cannot be used as it is
     * @param damages takes each place that does not hold
     */
    public static SegmentJournal look(Disk disk, Path queue, Consumer<String> log, Consumer<Damage> damages)
            throws IOException {
        NumberFile numbers = NumberFile.look(disk, directory(queue), log);
        return new SegmentJournal(disk, queue, JournalLimits.DEFAULT, numbers, log, damages, true);
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
        SegmentFiles.Found found = files.open(numbers, supply);
        unreadable = found.unreadable();
        seal = new RecordFormat.Seal(numbers.salt());
        SegmentList listed = new SegmentList();
        for (Segment segment : found.segments()) {
            try {
                new SegmentReplay(segment, this::found).replay(record -> {
                    if (record.type() == RecordFormat.SEGMENTS) {
                        listed.take(record);
                        return;
                    }
                    numbers.sawMessage(record.message());
                    show(record, reader);
                });
            } catch (IOException e) {
                segment.stay();
                segment.damaged();
                log.accept("queue: unable to read all of " + segment.path() + ", the rest of its mail waits there: "
                        + e.getMessage());
            }
            isWhole &= !segment.isDamaged();
            segments.put(segment.number(), segment);
            lastClosed = segment.number();
        }
        isWhole &= unreadable.isEmpty();
        for (int missing : listed.missing(
                numbers.newestSegment(),
                number -> exists(number) || found.spares().contains(number))) {
            isWhole = false;
            log.accept(
                    "queue: " + directory.resolve(SegmentFiles.name(missing)) + " is missing, and all that was in it");
        }
    }

    private void found(Damage damage) {
        isWhole &= damage.kind() == Damage.Kind.TORN;
        damages.accept(damage);
    }

    /** Whether the start has found everything that was ever promised. */
    public boolean isWhole() {
        return isWhole;
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

    /**
     * Makes durable what was {@linkplain #replay read}: whoever wrote it may have been killed before its force. Before that
     * nothing must be removed on the strength of it.
     *
     * @return whether all of it is durable
     */
    public boolean settle() {
        boolean isDurable = true;
        for (Segment segment : segments.values()) {
            if (!segment.isSealed()) {
                try {
                    settle(segment);
                } catch (IOException e) {
                    isDurable = false;
                    segment.suspect();
                    log.accept("queue: unable to seal " + segment.path() + ": " + e.getMessage());
                }
            }
        }
        return isDurable;
    }

    private static void settle(Segment segment) throws IOException {
        if (segment.isSuspect()) {
            segment.file().force();
            return;
        }
        writeAgain(segment);
        segment.file().force();
        segment.seal();
    }

    @Override
    public void open() {
        try {
            numbers.writeAgain();
        } catch (IOException e) {
            // They were there; and before new ones are given out they are written again.
            log.accept("queue: unable to write " + directory + "/numbers: " + e.getMessage());
        }
        groupEnded();
        supply.start();
    }

    /**
     * What an earlier process wrote and did not seal is written once more: if one of its forces failed, the system may have
     * what was to be written in memory only, and hold it for written; the next force would not notice.
     */
    private static void writeAgain(Segment segment) throws IOException {
        byte[] part = new byte[Math.clamp(segment.end(), 0, STAGING)];
        for (int at = Segment.FIRST_RECORD; at < segment.end(); ) {
            int length = segment.file().read(part, 0, Math.min(part.length, segment.end() - at), at);
            if (length == 0) {
                throw new IOException("it ends at " + at);
            }
            segment.file().write(ByteBuffer.wrap(part, 0, length), at);
            at += length;
        }
    }

    @Override
    public long append(byte[] record, int length, boolean refusable) throws IOException {
        Segment segment = active;
        if (segment == null || exhausted || !fits(segment, length, refusable)) {
            segment = makeRoom(length, refusable);
        }
        noteDurable(segment);
        return Place.of(segment.number(), stage(segment, record, length));
    }

    /** Says in the journal itself how much of it is durable, unless it says so already. */
    private void noteDurable(Segment segment) throws IOException {
        if (durable > marked) {
            RecordFormat.begin(forced, RecordFormat.FORCED, 0);
            RecordFormat.putInt(forced, RecordFormat.PAYLOAD, durable);
            marked = durable;
            stage(segment, forced, RecordFormat.FORCED_LENGTH);
        }
    }

    private int stage(Segment segment, byte[] record, int length) throws IOException {
        if (staging.remaining() < length) {
            write();
        }
        if (staging.capacity() == 0) {
            // Not before something is written: whoever only looks, or starts and ends, has no need of a megabyte.
            staging = ByteBuffer.allocateDirect(Math.clamp(limits.largestSegment(), RecordFormat.LONGEST, STAGING));
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
            if (broken && refusable) {
                throw new JournalBroken();
            }
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
        numbers.using(next.number());
        byte[] list = listing();
        if (list.length + length + RecordFormat.FORCED_LENGTH <= next.capacity() - position) {
            stage(next, list, list.length);
        }
        return next;
    }

    @Override
    public byte[] listing() {
        Set<Integer> present = new TreeSet<>(unreadable);
        segments.forEach((number, segment) -> {
            if (!segment.isLeaving()) {
                present.add(number);
            }
        });
        Segment writing = active;
        if (writing != null) {
            present.add(writing.number());
        }
        return SegmentList.record(present);
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
            segment.seal();
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
        if (broken) {
            throw new JournalBroken(); // The next one would be called a success, whatever was lost.
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
        Segment segment = held(place);
        byte[] record = new byte[length];
        int offset = Place.offset(place);
        try {
            // What lies behind the end of a file that was cut counts as zeros, as it does at the start.
            segment.file().read(record, 0, length, offset);
            boolean whole = RecordFormat.isPlausible(record, 0)
                    && RecordFormat.headLength(record, 0) <= length
                    && new RecordFormat.Seal(segment.salt()).holds(record, 0, segment.number(), offset);
            if (whole) {
                return record;
            }
        } catch (IOException e) {
            segment.damaged();
            throw new Damaged(
                    "the record at offset " + offset + " of " + segment.path() + " cannot be read: " + e.getMessage());
        } finally {
            segment.release();
        }
        segment.damaged();
        throw new Damaged("the record at offset " + offset + " of " + segment.path() + " is damaged");
    }

    @Override
    public byte[] readAsIs(long place, int length) throws IOException {
        Segment segment = held(place);
        try {
            byte[] bytes = new byte[length];
            new ReadableParts(segment.file()).read(bytes, 0, length, Place.offset(place));
            return bytes;
        } finally {
            segment.release();
        }
    }

    /** The segment of a place; it stays as it is until it is released. */
    private Segment held(long place) throws Gone {
        Segment segment = find(Place.segment(place));
        if (segment == null || !segment.hold()) {
            throw new Gone("journal segment " + Place.segment(place) + " is gone");
        }
        return segment;
    }

    private @Nullable Segment find(int number) {
        Segment closed = segments.get(number);
        if (closed != null) {
            return closed;
        }
        // Between active and closed there is a moment in which a segment is both, and none in which it is neither.
        Segment writing = active;
        return writing != null && writing.number() == number ? writing : segments.get(number);
    }

    @Override
    public String keep(long place) {
        Segment segment = find(Place.segment(place));
        if (segment == null) {
            return "segment " + Place.segment(place);
        }
        segment.damaged();
        return segment.path() + " at offset " + Place.offset(place);
    }

    @Override
    public void groupEnded() {
        if (lastClosed > lastLeft) {
            lastLeft = lastClosed;
        }
        Segment segment = active;
        if (segment == null || broken || exhausted || !fits(segment, 0, false)) {
            return;
        }
        try {
            // At once, and not only in front of the next record: after a crash it tells damage from a torn end. It is
            // written and not forced, and nobody waits for it.
            noteDurable(segment);
            write();
        } catch (IOException e) {
            log.accept("queue: unable to write to " + segment.path() + ": " + e.getMessage());
        }
    }

    @Override
    public List<Integer> segments() {
        return segments.headMap(lastLeft, true).values().stream()
                .filter(segment -> !segment.stays())
                .map(Segment::number)
                .toList();
    }

    @Override
    public boolean exists(int number) {
        Segment writing = active;
        return segments.containsKey(number)
                || stuck.containsKey(number)
                || unreadable.contains(number)
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
            new SegmentReplay(segment, damage -> {}).scan(reader);
        }
    }

    @Override
    public void leave(int number) {
        Segment segment = segments.get(number);
        if (segment != null) {
            segment.leave();
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
        Path kept = aside.keep(segment.path(), SegmentFiles.name(segment.number()));
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
