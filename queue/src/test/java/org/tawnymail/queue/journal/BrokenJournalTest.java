package org.tawnymail.queue.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tawnymail.queue.disk.SimulatedDisk;

/** A journal whose disk has failed it promises nothing more, and says so rather than something else. */
@Timeout(60)
class BrokenJournalTest {

    private static final Path QUEUE = Path.of("/home/queue");
    private static final JournalLimits LIMITS = new JournalLimits(64 << 10, 64 << 10, 1);

    private final SimulatedDisk disk = new SimulatedDisk();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final SegmentJournal journal;

    BrokenJournalTest() throws IOException {
        journal = SegmentJournal.own(disk, QUEUE, LIMITS, new SplittableRandom(1), log::add);
        journal.replay(record -> {});
        journal.open();
        append();
        journal.write();
        journal.force();
    }

    private void append() throws IOException {
        byte[] record = new byte[RecordFormat.PAYLOAD + 4];
        RecordFormat.begin(record, RecordFormat.DONE, 1);
        journal.append(record, record.length, true);
    }

    @Test
    void whoSubmitsMailAfterASegmentCouldNotBeSealedIsNotToldOfAFullDisk() {
        disk.turnReadOnly();
        journal.groupEnded();
        assertThat(log).singleElement().asString().contains("Read-only file system");
        assertThatThrownBy(this::append).isInstanceOf(JournalBroken.class);
        assertThatThrownBy(journal::close).hasMessage("Read-only file system");
    }

    @Test
    void aForceThatFailedIsNotTriedAgain() throws IOException {
        append();
        journal.write();
        disk.failForces(true);
        assertThatThrownBy(journal::force).isInstanceOf(JournalBroken.class);
        disk.failForces(false);
        assertThatThrownBy(journal::force).isInstanceOf(JournalBroken.class);
        journal.close();
    }
}
