package org.tawnymail.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HarnessTest {

    @Test
    void theSystemKnowsWhatAProcessCosts() throws IOException {
        ProcessFigures figures = new ProcessFigures(ProcessHandle.current().pid());
        assertThat(figures.cpu()).isPositive();
        assertThat(figures.peakResident()).isGreaterThan(10 << 20);
    }

    @Test
    void aDiskIsGoneAfterItsUse() throws Exception {
        Path path;
        try (LoopDisk disk = LoopDisk.create(64)) {
            path = disk.path();
            Files.writeString(path.resolve("file"), "x");
            assertThat(disk.description()).containsAnyOf("ext4", "plain directory");
        }
        assertThat(path).doesNotExist();
    }
}
