package org.tawnymail.pickup.pop3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;

/**
 * The messages of one session, numbered from 1 (RFC 1939, section 5: the maildrop). The list never changes; the marks
 * for deletion do, and only {@link #update} touches the disk. Used by one thread.
 */
public final class Maildrop {

    static final String NEW = "new";
    static final String CUR = "cur";

    /** What a message moved to {@code cur/} is called from then on: no flags (core spec, section 13.2). */
    private static final String SEEN_BY_A_READER = ":2,";

    private final Path maildir;
    private final int[] order;
    private final byte[] names;
    private final int[] nameEnds;
    private final long[] sizes;
    private final BitSet isNew;
    private final Map<Integer, Path> oddNames;
    private final BitSet deleted = new BitSet();

    /**
     * @param order which entry is the first message, the second and so on
     * @param names the names of all entries, end to end; of an odd one what its unique id is made of
     * @param nameEnds where each name ends
     * @param sizes the size of each file
     * @param isNew which entries stand in {@code new/}
     * @param oddNames the paths of entries whose name is not plain ASCII
     */
    Maildrop(
            Path maildir,
            int[] order,
            byte[] names,
            int[] nameEnds,
            long[] sizes,
            BitSet isNew,
            Map<Integer, Path> oddNames) {
        this.maildir = maildir;
        this.order = order;
        this.names = names;
        this.nameEnds = nameEnds;
        this.sizes = sizes;
        this.isNew = isNew;
        this.oddNames = oddNames;
    }

    /** The number of messages, deleted ones included: the highest message number. */
    public int last() {
        return order.length;
    }

    /** The number of messages that are not marked as deleted. */
    int count() {
        return order.length - deleted.cardinality();
    }

    /** The bytes of all messages that are not marked as deleted. */
    long totalSize() {
        long total = 0;
        for (int number = deleted.nextClearBit(1); number <= last(); number = deleted.nextClearBit(number + 1)) {
            total += size(number);
        }
        return total;
    }

    /** The size of the file: line ends count as one byte. */
    long size(int number) {
        return sizes[entry(number)];
    }

    /** Prints the unique id: the file's name up to the first colon. */
    void printUid(int number, ReplyWriter replies) throws IOException {
        int entry = entry(number);
        int start = nameStart(entry);
        int end = start;
        while (end < nameEnds[entry] && names[end] != ':') {
            end++;
        }
        replies.octets(names, start, end - start);
    }

    /** Where a message is. */
    public Path path(int number) {
        return file(entry(number));
    }

    InputStream open(int number) throws IOException {
        return Files.newInputStream(file(entry(number)));
    }

    boolean isDeleted(int number) {
        return deleted.get(number);
    }

    void delete(int number) {
        deleted.set(number);
    }

    void undeleteAll() {
        deleted.clear();
    }

    /**
     * Removes what is marked, and moves to {@code cur/} what was new and now is seen.
     *
     * @return how many marked messages could not be removed
     */
    int update() {
        int failures = 0;
        for (int number = 1; number <= last(); number++) {
            int entry = entry(number);
            if (isDeleted(number)) {
                failures += isRemoved(file(entry)) ? 0 : 1;
            } else if (isNew.get(entry)) {
                moveToCur(entry);
            }
        }
        return failures;
    }

    private static boolean isRemoved(Path file) {
        try {
            Files.delete(file);
            return true;
        } catch (IOException stillThere) {
            return false;
        }
    }

    private void moveToCur(int entry) {
        if (oddNames.containsKey(entry)) {
            return; // A name that text cannot hold cannot be given a new end either; the message stays new.
        }
        Path file = file(entry);
        Path target = maildir.resolve(CUR).resolve(file.getFileName() + SEEN_BY_A_READER);
        try {
            // A rename replaces what stands there, and that would be another message.
            if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException staysNew) {
            // The next session tries again.
        }
    }

    private Path file(int entry) {
        @Nullable Path odd = oddNames.get(entry);
        if (odd != null) {
            return odd;
        }
        int start = nameStart(entry);
        String name = Octets.text(names, start, nameEnds[entry] - start);
        return maildir.resolve(isNew.get(entry) ? NEW : CUR).resolve(name);
    }

    private int entry(int number) {
        return order[number - 1];
    }

    private int nameStart(int entry) {
        return entry == 0 ? 0 : nameEnds[entry - 1];
    }
}
