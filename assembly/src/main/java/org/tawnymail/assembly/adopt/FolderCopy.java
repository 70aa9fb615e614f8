package org.tawnymail.assembly.adopt;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.FileSystemSync;
import org.tawnymail.base.posix.ThisProcess;

/**
 * Copies a folder of a home with permissions and times; and owners, where this process may set them. Links stay links.
 *
 * <p>The copy gets its name when it is complete and on the disk: one that was cut short is never taken for the settings of a
 * home, and is made anew.
 */
final class FolderCopy {

    private static final String UNFINISHED = ".unfinished";

    static void copy(Path from, Path home, String name) throws IOException {
        Files.createDirectories(home);
        Path unfinished = home.resolve(name + UNFINISHED);
        remove(unfinished);
        copyAll(from, unfinished);
        try (FileSystemSync disk = FileSystemSync.of(home)) {
            disk.sync();
            Files.move(unfinished, home.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            disk.syncEntries();
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed) throws IOException {
                if (failed != null) {
                    throw failed;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void copyAll(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                one(directory, to.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!attributes.isOther()) {
                    one(file, to.resolve(from.relativize(file)));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void one(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        if (ThisProcess.effectiveUid() == 0) {
            FileStatus status = FileStatus.ofLink(from);
            Files.setAttribute(to, "unix:uid", status.uid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(to, "unix:gid", status.gid(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    private FolderCopy() {}
}
