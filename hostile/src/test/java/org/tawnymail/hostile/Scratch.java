package org.tawnymail.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Makes temporary directories in memory where the system has such a place: ten thousand forced files are no matter there. */
public final class Scratch implements TempDirFactory {

    /** A run that is cut short, as fuzzing is, names a place that is removed after it. */
    private static final Path IN_MEMORY = Path.of(System.getProperty("hostile.scratch", "/dev/shm"));

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
        return Files.isWritable(IN_MEMORY)
                ? Files.createTempDirectory(IN_MEMORY, "tawny-hostile")
                : Files.createTempDirectory("tawny-hostile");
    }

    /** Removes what is in a directory. */
    public static void empty(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            if (!path.equals(directory)) {
                Files.delete(path);
            }
        }
    }
}
