package org.tawnymail.base.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;

/**
 * Reads the control files of one directory with qmail's rules (core spec, section 12.1).
 *
 * <p>A program that in qmail would be a process of its own asks here at each run and so sees every change at once: a
 * file's content is kept only as long as its identity, size and time of change stay the same. Safe for use by many
 * threads.
 *
 * <p>Every method throws {@link UnreadableControl}, which names the file, if a file is there and cannot be read.
 */
public final class ControlFiles {

    /** No control file is larger; a larger one is taken for a mistake, not for a setting. */
    private static final long LARGEST_FILE = 64L << 20;

    private record Stamp(@Nullable Object key, long size, FileTime changed) {

        /** Equality written out: that of a record is linked at run time, which costs a program 20 ms at its start. */
        boolean isThatOf(Stamp other) {
            return size == other.size && changed.equals(other.changed) && Objects.equals(key, other.key);
        }
    }

    /** What a file held when it was last read; the forms in which it is asked for are made once, at the first asking. */
    private static final class Content {
        private final Stamp stamp;
        private final String text;
        private volatile @Nullable List<String> entries;
        private volatile @Nullable ControlMap keys;
        private volatile @Nullable ControlMap values;

        private Content(Stamp stamp, String text) {
            this.stamp = stamp;
            this.text = text;
        }

        private List<String> entries() {
            List<String> known = entries;
            if (known == null) {
                known = listEntries(text);
                entries = known;
            }
            return known;
        }

        private ControlMap keys() {
            ControlMap known = keys;
            if (known == null) {
                known = ControlMap.ofKeys(entries());
                keys = known;
            }
            return known;
        }

        private ControlMap values() {
            ControlMap known = values;
            if (known == null) {
                known = ControlMap.ofLines(entries());
                values = known;
            }
            return known;
        }
    }

    private final Path directory;
    private final Map<String, Content> contents = new ConcurrentHashMap<>();

    public ControlFiles(Path directory) {
        this.directory = directory;
    }

    /** A control file is there and cannot be read. */
    public static final class UnreadableControl extends IOException {
        private final String why;

        private UnreadableControl(Path file, String why) {
            super("unable to read " + file + ": " + why);
            this.why = why;
        }

        /** The reason alone. */
        public String why() {
            return why;
        }
    }

    /** A control file is not there, and its reader cannot do without. */
    public static final class MissingControl extends IOException {
        private MissingControl(String what) {
            super(what);
        }
    }

    /** Where a control file is. */
    public Path file(ControlFile file) {
        return directory.resolve(file.fileName());
    }

    /** Where these control files are. */
    public Path directory() {
        return directory;
    }

    /**
     * The first line without blanks at its end, else the default.
     *
     * @throws MissingControl if the file is not there and neither is a default
     */
    public String line(ControlFile file) throws IOException {
        Optional<String> line = lineIfAny(file);
        if (line.isEmpty()) {
            throw missing(file);
        }
        return line.get();
    }

    /** The first line without blanks at its end, else the default, if there is one. An empty file is an empty line. */
    public Optional<String> lineIfAny(ControlFile file) throws IOException {
        Optional<String> line = line(file.fileName());
        if (line.isEmpty() && file.otherwise().isMe()) {
            line = me();
        }
        return line.isPresent() ? line : file.literal();
    }

    /** The leading digits of the first line, else the default. {@code 10k} means 10. */
    public long number(ControlFile file) throws IOException {
        OptionalLong number = number(file.fileName());
        return number.isPresent()
                ? number.getAsLong()
                : leadingDigits(file.literal().orElse("")).orElse(0);
    }

    /** Whether a number is there, so that {@link #number(ControlFile)} is not the default. */
    public boolean hasNumber(ControlFile file) throws IOException {
        return number(file.fileName()).isPresent();
    }

    /**
     * The entries of a list, else the default, which is {@code me} or no entries.
     *
     * @throws MissingControl if the file is needed and neither it nor a default is there
     */
    public List<String> list(ControlFile file) throws IOException {
        Optional<List<String>> entries = listIfThere(file);
        return entries.isPresent() ? entries.get() : defaultEntries(file);
    }

    /** The same as a set of keys that ignores letter case. */
    public ControlMap set(ControlFile file) throws IOException {
        Optional<ControlMap> keys = setIfThere(file);
        return keys.isPresent() ? keys.get() : ControlMap.ofKeys(defaultEntries(file));
    }

    /** The {@code key:value} lines; without the file there are none. Lines without a colon are ignored. */
    public ControlMap map(ControlFile file) throws IOException {
        Optional<ControlMap> values = map(file.fileName());
        return values.isPresent() ? values.get() : ControlMap.empty();
    }

    /** Every line as it stands in the file, without its line feed: for those who look for mistakes. Absent, it has none. */
    public List<String> rawLines(ControlFile file) throws IOException {
        Optional<Content> content = content(file.fileName());
        return content.isPresent() ? List.of(content.get().text.split("\n", -1)) : List.of();
    }

    /** The entries of a list for which absence has a meaning of its own. */
    public Optional<List<String>> listIfThere(ControlFile file) throws IOException {
        return list(file.fileName());
    }

    /** The keys of a list for which absence has a meaning of its own. */
    public Optional<ControlMap> setIfThere(ControlFile file) throws IOException {
        return set(file.fileName());
    }

    private List<String> defaultEntries(ControlFile file) throws IOException {
        if (file.otherwise() == ControlFile.Default.NONE) {
            return List.of();
        }
        Optional<String> me = file.otherwise().isMe() ? me() : Optional.empty();
        if (me.isEmpty()) {
            throw missing(file);
        }
        return List.of(me.get());
    }

    private MissingControl missing(ControlFile file) {
        return new MissingControl(
                file.otherwise().isMe()
                        ? "neither " + file(file) + " nor " + file(ControlFile.ME)
                                + " exists: put the name of this host into the second"
                        : file(file) + " does not exist"
                                + (file == ControlFile.ME ? ": put the name of this host into it" : ""));
    }

    /** Where a file of this directory is. */
    public Path file(String name) {
        return directory.resolve(name);
    }

    /** The first line without blanks at its end, or nothing if there is no such file. An empty file is an empty line. */
    public Optional<String> line(String name) throws IOException {
        return content(name).map(content -> {
            int end = content.text.indexOf('\n');
            return stripEnd(end < 0 ? content.text : content.text.substring(0, end));
        });
    }

    /** The host's name: the control file {@code me}. */
    public Optional<String> me() throws IOException {
        return line(ControlFile.ME.fileName());
    }

    /** The leading digits of the first line; nothing if there are none or no such file. {@code 10k} means 10. */
    public OptionalLong number(String name) throws IOException {
        Optional<String> line = line(name);
        return line.isPresent() ? leadingDigits(line.get()) : OptionalLong.empty();
    }

    /**
     * The entries of a list, or nothing if there is no such file: lines without blanks at their end, without empty lines
     * and those that begin with {@code #}. A NUL ends an entry as a line end does.
     */
    public Optional<List<String>> list(String name) throws IOException {
        return content(name).map(Content::entries);
    }

    /** A list as a set of keys that ignores letter case, or nothing if there is no such file. */
    public Optional<ControlMap> set(String name) throws IOException {
        return content(name).map(Content::keys);
    }

    /** A list of {@code key:value} lines, or nothing if there is no such file. Lines without a colon are ignored. */
    public Optional<ControlMap> map(String name) throws IOException {
        return content(name).map(Content::values);
    }

    /** Leading decimal digits of a text; more than fit are taken for the largest number. */
    public static OptionalLong leadingDigits(String text) {
        int digits = 0;
        long number = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            int digit = text.charAt(digits++) - '0';
            number = number > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : number * 10 + digit;
        }
        return digits == 0 ? OptionalLong.empty() : OptionalLong.of(number);
    }

    private Optional<Content> content(String name) throws IOException {
        Path file = file(name);
        try {
            // One system call and no exception for a file that is not there, as most of them are not.
            BasicFileAttributes attributes =
                    file.getFileSystem().provider().readAttributesIfExists(file, BasicFileAttributes.class);
            if (attributes == null) {
                contents.remove(name);
                return Optional.empty();
            }
            Stamp stamp = new Stamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
            Content known = contents.get(name);
            if (known != null && known.stamp.isThatOf(stamp)) {
                return Optional.of(known);
            }
            if (attributes.size() > LARGEST_FILE) {
                throw new UnreadableControl(file, "file too big");
            }
            Content read = new Content(stamp, Octets.text(Files.readAllBytes(file)));
            boolean mayChangeUnseen = System.currentTimeMillis() - stamp.changed.toMillis() < 2_000;
            if (!mayChangeUnseen) {
                contents.put(name, read);
            }
            return Optional.of(read);
        } catch (NoSuchFileException absent) {
            contents.remove(name);
            return Optional.empty();
        } catch (UnreadableControl unreadable) {
            throw unreadable;
        } catch (IOException e) {
            throw new UnreadableControl(file, Errno.text(e));
        }
    }

    private static List<String> listEntries(String text) {
        List<String> entries = new ArrayList<>();
        for (String line : text.split("[\n\0]", -1)) {
            String entry = stripEnd(line);
            if (!entry.isEmpty() && entry.charAt(0) != '#') {
                entries.add(entry);
            }
        }
        return List.copyOf(entries);
    }

    private static String stripEnd(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
            end--;
        }
        return line.substring(0, end);
    }
}
