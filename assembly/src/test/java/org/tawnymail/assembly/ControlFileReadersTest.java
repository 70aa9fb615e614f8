package org.tawnymail.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.control.ControlFile;

/** Control files are read through the list of them all, so that a default stands in one place. */
class ControlFileReadersTest {

    private static final Pattern READING =
            Pattern.compile("\\.(?:line|number|list|map|set|file)\\(\\s*\"([^\"]+)\"\\s*\\)");

    @Test
    void noProgramReadsAControlFileByANameOfItsOwn() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path source : sources()) {
            Matcher reading = READING.matcher(Files.readString(source));
            while (reading.find()) {
                if (ControlFile.named(reading.group(1)).isPresent()) {
                    found.add(source + ": " + reading.group());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path module : modules.map(folder -> folder.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(module)) {
                    files.filter(file -> file.toString().endsWith(".java")
                                    && !file.endsWith("ControlFile.java")
                                    && !file.toString().contains("/check/"))
                            .forEach(sources::add);
                }
            }
        }
        assertThat(sources).hasSizeGreaterThan(100);
        return sources;
    }
}
