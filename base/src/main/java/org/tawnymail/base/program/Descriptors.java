package org.tawnymail.base.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The numbered streams of one call: 0, 1 and 2 as everywhere, 3 for {@code checkpassword}, 6 and 7 for UCSPI clients and
 * the error text of qmail-queue. Immutable; the streams of course are not.
 *
 * <p>A number may be open for reading, for writing, or (a socket) both. qmail-queue reads from descriptor 1, so the
 * number alone says nothing. Two numbers may share one stream object, as 1 and 2 do where a program's output is
 * collected; a child process then gets one pipe under both numbers.
 *
 * <p>A stream that also is an {@link OpenFile} is handed to a child process as it is; any other is joined to it by a
 * pipe.
 */
public final class Descriptors {

    private record Entry(@Nullable InputStream in, @Nullable OutputStream out) {}

    private static final Descriptors NONE = new Descriptors(new TreeMap<>());

    private final NavigableMap<Integer, Entry> entries;

    private Descriptors(NavigableMap<Integer, Entry> entries) {
        this.entries = entries;
    }

    public static Descriptors none() {
        return NONE;
    }

    public Descriptors with(int number, InputStream in) {
        return put(number, new Entry(in, null));
    }

    public Descriptors with(int number, OutputStream out) {
        return put(number, new Entry(null, out));
    }

    /** A number open both ways: a socket. */
    public Descriptors with(int number, InputStream in, OutputStream out) {
        return put(number, new Entry(in, out));
    }

    public Descriptors without(int number) {
        NavigableMap<Integer, Entry> changed = new TreeMap<>(entries);
        changed.remove(number);
        return new Descriptors(changed);
    }

    /**
     * The stream to read from.
     *
     * @throws IOException if the number is not open for reading
     */
    public InputStream in(int number) throws IOException {
        Entry entry = entries.get(number);
        if (entry == null || entry.in == null) {
            throw new IOException("descriptor " + number + " is not open for reading");
        }
        return entry.in;
    }

    /**
     * The stream to write to.
     *
     * @throws IOException if the number is not open for writing
     */
    public OutputStream out(int number) throws IOException {
        Entry entry = entries.get(number);
        if (entry == null || entry.out == null) {
            throw new IOException("descriptor " + number + " is not open for writing");
        }
        return entry.out;
    }

    public boolean isReadable(int number) {
        Entry entry = entries.get(number);
        return entry != null && entry.in != null;
    }

    public boolean isWritable(int number) {
        Entry entry = entries.get(number);
        return entry != null && entry.out != null;
    }

    /** The open numbers, ascending. */
    public Iterable<Integer> numbers() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    private Descriptors put(int number, Entry entry) {
        Map<Integer, Entry> changed = new TreeMap<>(entries);
        changed.put(number, entry);
        return new Descriptors((TreeMap<Integer, Entry>) changed);
    }
}
