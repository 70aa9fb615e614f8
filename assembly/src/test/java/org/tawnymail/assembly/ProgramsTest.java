package org.tawnymail.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.control.Home;

/** The table of programs agrees with itself and with the names in {@code bin}. */
class ProgramsTest {

    @TempDir
    Path directory;

    @Test
    void everyProgramOfTheTableCanBeMade() {
        Programs programs = Programs.standingAlone(new Home(directory), directory.resolve("bin"));
        for (String name : programs.names()) {
            assertThat(programs.find(name)).as(name).isPresent();
        }
        for (String name : Programs.namesInBin()) {
            boolean made = programs.find(name).or(() -> programs.daemon(name)).isPresent();
            assertThat(made).as(name).isTrue();
        }
    }

    @Test
    void noDaemonRunsInsideAnotherProgram() {
        Programs programs = Programs.standingAlone(new Home(directory), directory.resolve("bin"));
        assertThat(programs.names()).noneMatch(name -> programs.daemon(name).isPresent());
    }

    @Test
    void everyProgramHasItsNameInBin() throws IOException {
        Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("../bin"))) {
            for (Path link : links) {
                names.add(String.valueOf(link.getFileName()));
            }
        }
        assertThat(names).isEqualTo(Programs.namesInBin());
    }
}
