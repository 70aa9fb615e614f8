package org.tawnymail.base.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;

/**
 * What {@code stat} tells of a file.
 *
 * @param mode kind and permissions, as in {@code st_mode}
 */
public record FileStatus(int mode, int uid, int gid, long device, long inode, int links, long size, FileTime modified) {

    private static final int KIND = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;

    /**
     * Of the file that a name leads to.
     *
     * @throws java.nio.file.NoSuchFileException if there is none; any other failure says so too
     */
    public static FileStatus of(Path path) throws IOException {
        return read(path);
    }

    /** Of the name itself, even if it is a symbolic link. */
    public static FileStatus ofLink(Path path) throws IOException {
        return read(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Of an open file, by its number: {@code fstat}. */
    static FileStatus ofOpen(int number) throws SystemError {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(StatusLayout.SIZE, Long.BYTES);
            int result = StatusLayout.STATX.call(
                    number,
                    arena.allocateFrom("").address(),
                    StatusLayout.AT_EMPTY_PATH,
                    StatusLayout.BASIC_STATS,
                    answer.address());
            CFunction.check(result, "unable to fstat descriptor " + number);
            return StatusLayout.read(answer);
        }
    }

    private static FileStatus read(Path path, LinkOption... options) throws IOException {
        Map<String, Object> a =
                Files.readAttributes(path, "unix:mode,uid,gid,dev,ino,nlink,size,lastModifiedTime", options);
        return new FileStatus(
                (int) number(a, "mode"),
                (int) number(a, "uid"),
                (int) number(a, "gid"),
                number(a, "dev"),
                number(a, "ino"),
                (int) number(a, "nlink"),
                number(a, "size"),
                a.get("lastModifiedTime") instanceof FileTime time ? time : FileTime.fromMillis(0));
    }

    private static long number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Number value ? value.longValue() : 0;
    }

    public boolean isRegular() {
        return (mode & KIND) == REGULAR;
    }

    public boolean isDirectory() {
        return (mode & KIND) == DIRECTORY;
    }

    public boolean isLink() {
        return (mode & KIND) == LINK;
    }

    /** Whether any of these permission bits is set, such as {@code 0002}: writable by the whole world. */
    public boolean hasAny(int permissions) {
        return (mode & permissions & 07777) != 0;
    }

    public boolean isSameFileAs(FileStatus other) {
        return device == other.device && inode == other.inode;
    }

    /** struct statx, which unlike struct stat is the same on all machines. */
    private static final class StatusLayout {
        static final CFunction STATX = CFunction.named("statx");
        static final int AT_EMPTY_PATH = 0x1000;
        static final int BASIC_STATS = 0x7ff;
        static final int SIZE = 256;

        private static final int LINKS = 16;
        private static final int UID = 20;
        private static final int GID = 24;
        private static final int MODE = 28;
        private static final int INODE = 32;
        private static final int LENGTH = 40;
        private static final int MODIFIED_SECONDS = 112;
        private static final int MODIFIED_NANOS = 120;
        private static final int DEVICE_MAJOR = 136;
        private static final int DEVICE_MINOR = 140;

        static FileStatus read(MemorySegment answer) {
            Instant modified = Instant.ofEpochSecond(
                    answer.get(JAVA_LONG, MODIFIED_SECONDS), answer.get(JAVA_INT, MODIFIED_NANOS));
            return new FileStatus(
                    answer.get(JAVA_SHORT, MODE) & 0xffff,
                    answer.get(JAVA_INT, UID),
                    answer.get(JAVA_INT, GID),
                    device(answer.get(JAVA_INT, DEVICE_MAJOR), answer.get(JAVA_INT, DEVICE_MINOR)),
                    answer.get(JAVA_LONG, INODE),
                    answer.get(JAVA_INT, LINKS),
                    answer.get(JAVA_LONG, LENGTH),
                    FileTime.from(modified));
        }

        /** makedev of glibc. */
        private static long device(long major, long minor) {
            return (major & 0xfff) << 8 | (major & ~0xfffL) << 32 | (minor & 0xff) | (minor & ~0xffL) << 12;
        }
    }
}
