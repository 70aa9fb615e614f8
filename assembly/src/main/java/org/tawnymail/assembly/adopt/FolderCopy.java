package org.tawnymail.assembly.adopt;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.ThisProcess;

/** Copies a folder with permissions and times; and owners, where this process may set them. Links stay links. */
final class FolderCopy {

    static void copy(Path from, Path to) throws IOException {
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
