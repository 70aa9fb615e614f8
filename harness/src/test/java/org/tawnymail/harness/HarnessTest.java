package org.tawnymail.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    @Test
    void aDiskThatTurnsReadOnlyTakesNothingUntilItIsMendedAndKeepsWhatWasForced() throws Exception {
        try (LoopDisk disk = LoopDisk.create(64)) {
            assumeTrue(disk.isMounted() && disk.canTurnReadOnly(), disk.description());
            Path forced = disk.path().resolve("forced");
            Files.writeString(forced, "x", StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
            try (FileChannel names = FileChannel.open(disk.path(), StandardOpenOption.READ)) {
                names.force(true);
            }
            disk.turnReadOnly();
            assertThatThrownBy(() -> Files.writeString(disk.path().resolve("late"), "x"))
                    .hasMessageContaining("Read-only file system");
            disk.mend();
            assertThat(forced).hasContent("x");
            Files.writeString(disk.path().resolve("late"), "x");
        }
    }
}
