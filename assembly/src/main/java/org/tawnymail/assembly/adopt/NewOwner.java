package org.tawnymail.assembly.adopt;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.FileStatus;
import org.tawnymail.base.posix.ThisProcess;

/**
 * Whom the new files of a queue belong to: the owner of the queue, as which the server will run, and not root, as which the
 * old one may have been read.
 *
 * @param given whether there is something to give: only root can
 */
record NewOwner(boolean given, int uid, int gid) {

    private static final List<String> OURS =
            List.of("journal", "large", "drop", "intake", "damaged", "adopted", "lock/sendmutex");

    /**
     * The owner of the home's queue; or of the home, if it has none yet or one of root's: that is what an earlier run as root
     * leaves when it is cut short.
     */
    static NewOwner of(Home home) throws IOException {
        if (ThisProcess.effectiveUid() != 0) {
            return new NewOwner(false, 0, 0);
        }
        for (Path place : List.of(home.queue(), home.path())) {
            if (Files.exists(place) && FileStatus.of(place).uid() != 0) {
                return new NewOwner(
                        true, FileStatus.of(place).uid(), FileStatus.of(place).gid());
            }
        }
        return new NewOwner(false, 0, 0);
    }

    /** Gives what is ours in a queue directory to the owner, and the directory itself. */
    void give(Path queue) throws IOException {
        if (!given) {
            return;
        }
        give(queue, false);
        for (String name : OURS) {
            if (Files.exists(queue.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                Files.walkFileTree(queue.resolve(name), new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                            throws IOException {
                        give(directory, true);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        give(file, true);
                        return FileVisitResult.CONTINUE;
                    }
                });
            }
        }
    }

    private void give(Path file, boolean groupToo) throws IOException {
        Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        if (groupToo) {
            Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        }
    }
}
