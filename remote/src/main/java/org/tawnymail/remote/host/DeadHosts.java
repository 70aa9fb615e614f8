package org.tawnymail.remote.host;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.LockedFile;

/**
 * The table of hosts that did not answer: {@code queue/lock/tcpto} (core spec, section 7.7). An address that timed out twice is
 * left alone for an hour or more, so that one dead host does not hold up the mail for all others.
 *
 * <p>The file is the truth for IPv4, shared with {@code qmail-tcpto}, {@code qmail-tcpok} and every {@code qmail-remote}; it is
 * read anew when it has changed. It has no room for IPv6, whose addresses are remembered by this object alone. A file that is
 * missing, too short or out of reach is an empty table: this is advice, and no mail waits for it. Safe for use by many threads.
 */
public final class DeadHosts {

    /** Others hold the lock for as long as it takes to write 1024 octets. */
    private static final Duration LONGEST_LOCK_WAIT = Duration.ofSeconds(5);

    /** A file that changed this recently may change again without a new time of change. */
    private static final long UNCERTAIN_MILLIS = 2_000;

    private record Stamp(@Nullable Object key, long size, FileTime changed) {}

    /** One address that timed out and has not answered since. */
    public record Entry(InetAddress address, int timeouts, long secondsAgo) {}

    /** The file cannot be read; the step that failed is one word. */
    public static final class OutOfReach extends IOException {

        private final String step;

        private OutOfReach(String step, IOException cause) {
            super(Errno.text(cause), cause);
            this.step = step;
        }

        /** {@code open}, {@code lock} or {@code read}. */
        public String step() {
            return step;
        }
    }

    private final Path file;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();
    private final TimeoutTable six = new TimeoutTable();
    private TimeoutTable four = new TimeoutTable();
    private @Nullable Stamp stamp;

    public DeadHosts(Path file, InstantSource clock, RandomGenerator random) {
        this.file = file;
        this.clock = clock;
        this.random = random;
    }

    /** Where the table is. */
    public static Path file(Home home) {
        return home.queue().resolve("lock").resolve("tcpto");
    }

    /** Whether an address is better left alone now. */
    public boolean isDead(InetAddress address) {
        int spread = random.nextInt(TimeoutTable.SPREAD);
        lock.lock();
        try {
            return table(address).isDead(address.getAddress(), now(), spread);
        } finally {
            lock.unlock();
        }
    }

    /** Notes that an address did not answer in time. */
    public void timedOut(InetAddress address) {
        change(address, table -> table.timedOut(address.getAddress(), now()));
    }

    /** Notes that an address answered in any way, if only by refusing the connection. */
    public void answered(InetAddress address) {
        lock.lock();
        try {
            if (!table(address).answered(address.getAddress())) {
                return;
            }
        } finally {
            lock.unlock();
        }
        change(address, table -> table.answered(address.getAddress()));
    }

    /** Empties the table, creating the file if there is none: when a server starts. Needs no lock. */
    public void reset() throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, new byte[TimeoutTable.LENGTH]);
    }

    /** Empties the table while others use it. The file must be there. */
    public void clear() throws IOException {
        try (LockedFile _ = locked();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            write(channel, new byte[TimeoutTable.LENGTH]);
        }
    }

    /** What is in the file. */
    public List<Entry> entries() throws OutOfReach {
        TimeoutTable table;
        String step = "open";
        try (LockedFile locked = LockedFile.openToLock(file)) {
            step = "lock";
            lock(locked);
            step = "read";
            table = TimeoutTable.of(read(file));
        } catch (IOException e) {
            throw new OutOfReach(step, e);
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < TimeoutTable.RECORDS; i++) {
            if (table.count(i) > 0) {
                entries.add(new Entry(table.address(i), table.count(i), now() - table.time(i)));
            }
        }
        return entries;
    }

    private interface Change {
        boolean apply(TimeoutTable table);
    }

    private void change(InetAddress address, Change change) {
        lock.lock();
        try {
            if (!(address instanceof Inet4Address)) {
                change.apply(six);
                return;
            }
            try (LockedFile _ = locked();
                    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                byte[] octets = read(channel);
                TimeoutTable table = TimeoutTable.of(octets);
                if (octets.length == TimeoutTable.LENGTH && change.apply(table)) {
                    write(channel, table.octets());
                }
            }
            stamp = null;
        } catch (IOException outOfReach) {
            // The next delivery waits for the same dead host once more: slower, and nothing is lost.
            stamp = null;
        } finally {
            lock.unlock();
        }
    }

    private TimeoutTable table(InetAddress address) {
        return address instanceof Inet4Address ? current() : six;
    }

    /** The table of the file; without a lock, since a check that comes a moment too early does no harm. */
    private TimeoutTable current() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Stamp found = new Stamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
            if (!found.equals(stamp)) {
                four = TimeoutTable.of(read(file));
                boolean mayChangeUnseen =
                        clock.millis() - attributes.lastModifiedTime().toMillis() < UNCERTAIN_MILLIS;
                stamp = mayChangeUnseen ? null : found;
            }
        } catch (IOException outOfReach) {
            four = new TimeoutTable();
            stamp = null;
        }
        return four;
    }

    private LockedFile locked() throws IOException {
        LockedFile locked = LockedFile.openToLock(file);
        try {
            lock(locked);
            return locked;
        } catch (IOException | RuntimeException notLocked) {
            locked.close();
            throw notLocked;
        }
    }

    private static void lock(LockedFile file) throws IOException {
        if (!file.lock(LONGEST_LOCK_WAIT)) {
            throw new IOException(Errno.EAGAIN.text());
        }
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /** As much of the file as a table is long. */
    private static byte[] read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel);
        }
    }

    private static byte[] read(FileChannel channel) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(TimeoutTable.LENGTH);
        while (octets.hasRemaining() && channel.read(octets) >= 0) {
            // Reads on until the table is whole or the file ends.
        }
        octets.flip();
        byte[] read = new byte[octets.remaining()];
        octets.get(read);
        return read;
    }

    private static void write(FileChannel channel, byte[] octets) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        long at = 0;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
    }
}
