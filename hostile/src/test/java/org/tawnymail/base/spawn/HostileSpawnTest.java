package org.tawnymail.base.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.hostile.Connection;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.Ran;
import org.tawnymail.hostile.Scratch;

/** The two sides of the spawn protocol treat each other as strangers. */
class HostileSpawnTest {

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyStreamOfCommandsIsAnsweredByReports() throws Exception {
        Files.createDirectories(directory.resolve("queue/mess/3"));
        Files.writeString(directory.resolve("queue/mess/3/217"), "x\n");
        Spawner spawner = new Spawner(
                new Home(directory),
                (message, sender, recipient) -> new Outcome.Delivered(recipient + "\n"),
                "qmail-local crashed.");
        HostileInputs.of("spawn commands")
                .pieces(
                        "\0003/217\0ann@corp.test\0bob@corp.test\0",
                        "\1",
                        "\u00ff",
                        "3/217\0",
                        "\0",
                        "bob@corp.test\0",
                        "../../x\0",
                        "9")
                .samples("\0003/217\0ann@corp.test\0bob@corp.test\0\0013/217\0\0kim@corp.test\0")
                .memory(64 << 20)
                .each((input, random) -> {
                    Ran ran = Ran.of(
                            call -> spawner.run(call),
                            List.of(),
                            Environment.empty(),
                            Descriptors.none().with(0, new Connection(input, random)),
                            directory);
                    assertThat(ran.code()).isZero();
                    ReportReader reports = new ReportReader(new ByteArrayInputStream(Octets.of(ran.out())));
                    assertThat(reports.capacity()).hasValue(Spawner.CAPACITY);
                    for (Optional<SpawnReport> report = reports.next(); report.isPresent(); report = reports.next()) {
                        assertThat(report.get().outcome())
                                .as("status of a report")
                                .isPresent();
                    }
                });
    }

    @Test
    void everyStreamOfReportsIsReadToItsEnd() throws Exception {
        HostileInputs.of("spawn reports")
                .pieces("\170", "\0Kok\n\0", "\1Zlater\n\0", "\2Dno\n\0", "K", "\0", "x")
                .samples("\170\0Kok\n\0\1Zlater\n\0")
                .each((input, random) -> {
                    ReportReader reports = new ReportReader(new Connection(input, random));
                    if (reports.capacity().isEmpty()) {
                        assertThat(input).isEmpty();
                        return;
                    }
                    int count = 0;
                    for (Optional<SpawnReport> report = reports.next(); report.isPresent(); report = reports.next()) {
                        assertThat(report.get().slot()).isBetween(0, 255);
                        report.get()
                                .outcome()
                                .ifPresent(outcome ->
                                        assertThat(outcome.text().length()).isLessThanOrEqualTo(SpawnReport.LONGEST));
                        count++;
                    }
                    assertThat(count).isLessThanOrEqualTo(input.length);
                });
    }
}
