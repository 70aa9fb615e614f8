package org.tawnymail.base.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;

/** What qmail-send understands of what a spawner writes. */
class ReportReaderTest {

    @Test
    void theFirstByteIsTheCapacity() throws IOException {
        assertThat(reader("x").capacity()).hasValue(120);
        assertThat(reader("\0").capacity()).hasValue(0);
        assertThat(reader("").capacity()).isEmpty();
    }

    @Test
    void theThreeStatusesAreTheThreeOutcomes() throws IOException {
        assertThat(read("\5Kdid 1+0+0\n\0\377Znot now\n\0\1D\0"))
                .containsExactly(
                        new SpawnReport(5, new Outcome.Delivered("did 1+0+0\n")),
                        new SpawnReport(255, new Outcome.Deferred("not now\n")),
                        new SpawnReport(1, new Outcome.Failed("")));
    }

    @Test
    void aSlotOfZeroDoesNotEndTheReport() throws IOException {
        assertThat(read("\0Kok\n\0\0Dno\0"))
                .containsExactly(
                        new SpawnReport(0, new Outcome.Delivered("ok\n")),
                        new SpawnReport(0, new Outcome.Failed("no")));
    }

    @Test
    void anotherStatusOrNoneAtAllIsMangled() throws IOException {
        assertThat(read("\5Qwhat\0\5\0"))
                .containsExactly(new SpawnReport(5, Optional.empty()), new SpawnReport(5, Optional.empty()));
    }

    @Test
    void tenThousandBytesOfAReportAreKept() throws IOException {
        List<SpawnReport> reports = read("\5K" + "x".repeat(50_000) + "\0\6Zy\0");
        assertThat(reports).hasSize(2).last().isEqualTo(new SpawnReport(6, new Outcome.Deferred("y")));
        assertThat(reports.getFirst().outcome().orElseThrow().text()).hasSize(SpawnReport.LONGEST - 2);
    }

    @Test
    void aReportThatTheEndCutsOffIsNone() throws IOException {
        assertThat(read("\5Kdid")).isEmpty();
    }

    @Test
    void whatIsWrittenIsWhatIsRead() throws IOException {
        SpawnReport report = new SpawnReport(200, new Outcome.Failed("no\n\377"));
        assertThat(reader(Octets.text(report.octets())).next()).contains(report);
    }

    private static List<SpawnReport> read(String octets) throws IOException {
        ReportReader reader = reader(octets);
        List<SpawnReport> reports = new ArrayList<>();
        for (Optional<SpawnReport> next = reader.next(); next.isPresent(); next = reader.next()) {
            reports.add(next.get());
        }
        return reports;
    }

    private static ReportReader reader(String octets) {
        return new ReportReader(new ByteArrayInputStream(Octets.of(octets)));
    }
}
