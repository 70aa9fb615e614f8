package org.tawnymail.base.cdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A name under which a constant database may stand: each call gives the one that stands there now, opened anew only if it
 * is another file than last time. A program that in qmail would open the file at each run asks here at each run.
 */
public final class CdbFile {

    private record Opened(@Nullable Object key, long size, FileTime changed, Cdb cdb) {
        boolean is(BasicFileAttributes now) {
            return key != null
                    && key.equals(now.fileKey())
                    && size == now.size()
                    && changed.equals(now.lastModifiedTime());
        }
    }

    private final Path path;
    private volatile @Nullable Opened last;

    public CdbFile(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /**
     * The present database, or nothing if there is no such file.
     *
     * @throws IOException if there is one and it cannot be read
     */
    public Optional<Cdb> current() throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            Opened known = last;
            if (known != null && known.is(now)) {
                return Optional.of(known.cdb);
            }
            // Opened after it was looked at: what is opened is that file or a newer one, which the next look tells
            // apart.
            Cdb cdb = Cdb.open(path);
            last = new Opened(now.fileKey(), now.size(), now.lastModifiedTime(), cdb);
            return Optional.of(cdb);
        } catch (NoSuchFileException absent) {
            last = null;
            return Optional.empty();
        }
    }
}
