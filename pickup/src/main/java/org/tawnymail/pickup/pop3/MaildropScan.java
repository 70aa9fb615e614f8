package org.tawnymail.pickup.pop3;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.tawnymail.base.Octets;

/**
 * Lists a Maildir for one session (core spec, sections 10.3 and 13.2).
 *
 * <p>A Maildir may hold a hundred thousand messages, so a message costs no object: its name is a stretch of one byte
 * array, its size and time are elements of arrays. That is about 60 bytes a message, 80 while it is sorted.
 */
public final class MaildropScan {

    /** What more there is waits for another session. */
    static final int MOST_MESSAGES = 500_000;

    /** Files in {@code tmp/} that nobody has touched for so long belong to a delivery that died. */
    static final Duration STALE = Duration.ofHours(36);

    private static final int INDEX_BITS = 20;
    private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

    /** A large Maildir takes half a second; other sessions of the same carrier thread must not wait for all of it. */
    private static final int BETWEEN_PAUSES = 500;

    private final Path maildir;
    private final long thisSecond;
    private int looked;
    private byte[] names = new byte[1024];
    private int namesLength;
    private int count;
    private int[] nameEnds = new int[32];
    private long[] sizes = new long[32];
    private long[] times = new long[32];
    private int[] nanos = new int[32];
    private final BitSet isNew = new BitSet();
    private final Map<Integer, Path> oddNames = new HashMap<>();

    private MaildropScan(Path maildir, Instant now) {
        this.maildir = maildir;
        this.thisSecond = now.getEpochSecond();
    }

    /**
     * Lists {@code new/} and {@code cur/}, sorted by time of change. Files of the current second are left out: another
     * file of that second could still come and would stand before them.
     *
     * @throws IOException if one of the two cannot be listed
     */
    public static Maildrop list(Path maildir, Instant now) throws IOException {
        MaildropScan scan = new MaildropScan(maildir, now);
        scan.add(Maildrop.NEW);
        scan.add(Maildrop.CUR);
        return scan.finished();
    }

    /** Lists {@code new/} alone. */
    public static Maildrop listNew(Path maildir, Instant now) throws IOException {
        MaildropScan scan = new MaildropScan(maildir, now);
        scan.add(Maildrop.NEW);
        return scan.finished();
    }

    /** Removes stale files from {@code tmp/}. Trouble with it is no reason not to serve the messages. */
    public static void cleanTmp(Path maildir, Instant now) {
        Instant limit = now.minus(STALE);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(maildir.resolve("tmp"))) {
            for (Path file : files) {
                if (!isHidden(name(file))) {
                    removeIfStale(file, limit);
                }
            }
        } catch (IOException | DirectoryIteratorException notNow) {
            // The next session tries again.
        }
    }

    private static void removeIfStale(Path file, Instant limit) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            boolean stale = attributes.lastAccessTime().toInstant().isBefore(limit);
            if (stale && !attributes.isDirectory()) {
                Files.delete(file);
            }
        } catch (IOException goneOrNotOurs) {
            // The next session tries again.
        }
    }

    @SuppressWarnings(
            "ThreadPriorityCheck") // nothing relies on it: a virtual thread that computes is not parted otherwise
    private void add(String folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(maildir.resolve(folder))) {
            for (Path file : files) {
                if (count < MOST_MESSAGES && !isHidden(name(file))) {
                    add(file, folder.equals(Maildrop.NEW));
                }
                if (++looked % BETWEEN_PAUSES == 0) {
                    Thread.yield();
                }
            }
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
    }

    private void add(Path file, boolean inNew) {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException gone) {
            return; // Another session has just moved or removed it.
        }
        Instant changed = attributes.lastModifiedTime().toInstant();
        // A named pipe would hold the session in its open; a directory is no message.
        if (!attributes.isRegularFile() || changed.getEpochSecond() >= thisSecond) {
            return;
        }
        makeRoom();
        String name = name(file);
        byte[] octets = isPlain(name) ? Octets.of(name) : odd(file);
        if (namesLength + octets.length > names.length) {
            names = Arrays.copyOf(names, Math.max(names.length * 2, namesLength + octets.length));
        }
        System.arraycopy(octets, 0, names, namesLength, octets.length);
        namesLength += octets.length;
        nameEnds[count] = namesLength;
        sizes[count] = attributes.size();
        times[count] = Math.max(0, changed.getEpochSecond());
        nanos[count] = changed.getNano();
        isNew.set(count, inNew);
        count++;
    }

    /**
     * A name with blanks, control characters or octets above 126: its path is kept as it came from the directory, and
     * its unique id is the name with these octets as {@code %XX} (RFC 1939, section 7: an id is printable ASCII).
     */
    private byte[] odd(Path file) {
        oddNames.put(count, file);
        String uri = file.toUri().getRawPath();
        return Octets.of(uri.substring(uri.lastIndexOf('/') + 1));
    }

    private void makeRoom() {
        if (count == sizes.length) {
            nameEnds = Arrays.copyOf(nameEnds, count * 2);
            sizes = Arrays.copyOf(sizes, count * 2);
            times = Arrays.copyOf(times, count * 2);
            nanos = Arrays.copyOf(nanos, count * 2);
        }
    }

    private Maildrop finished() {
        return new Maildrop(
                maildir,
                order(),
                Arrays.copyOf(names, namesLength),
                Arrays.copyOf(nameEnds, count),
                Arrays.copyOf(sizes, count),
                isNew,
                oddNames);
    }

    /**
     * The entries by second and, within one, by nanosecond: qmail leaves the order of one second open. Two sorts of
     * plain numbers that carry an index in their low bits, the later one keeping the order of the earlier.
     */
    private int[] order() {
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = (long) nanos[i] << INDEX_BITS | i;
        }
        Arrays.sort(keys);
        int[] byNano = indexes(keys);
        for (int rank = 0; rank < count; rank++) {
            keys[rank] = times[byNano[rank]] << INDEX_BITS | rank;
        }
        Arrays.sort(keys);
        int[] order = indexes(keys);
        for (int i = 0; i < count; i++) {
            order[i] = byNano[order[i]];
        }
        return order;
    }

    private static int[] indexes(long[] keys) {
        int[] indexes = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            indexes[i] = (int) (keys[i] & INDEX_MASK);
        }
        return indexes;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static boolean isHidden(String name) {
        return name.startsWith(".");
    }

    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) <= ' ' || name.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
