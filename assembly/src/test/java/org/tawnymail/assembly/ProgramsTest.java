package org.tawnymail.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        try (Stream<Path> links = Files.list(Path.of("../bin"))) {
            assertThat(links.map(link -> link.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new)))
                    .isEqualTo(Programs.namesInBin());
        }
    }
}
