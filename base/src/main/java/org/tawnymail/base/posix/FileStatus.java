package org.tawnymail.base.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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
}
