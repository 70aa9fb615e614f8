package org.tawnymail.queue.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.CollectingQueue;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.SimulatedDisk;

@Timeout(30)
class DropIntakeTest {

    private static final Path QUEUE = Path.of("/home/queue");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2025-03-07T09:04:05Z"));

    private CollectingQueue inside = new CollectingQueue();
    private final List<String> log = new ArrayList<>();

    private static SimulatedDisk disk() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        disk.makeDirectory(QUEUE);
        disk.makeDirectory(DropDirectory.in(QUEUE));
        return disk;
    }

    private static QueueResult drop(SimulatedDisk disk, String text) throws IOException {
        DropDirectory drop = new DropDirectory(disk, QUEUE, () -> new SplittableRandom(text.hashCode()));
        try (Submission submission = drop.begin(Origin.USER)) {
            submission.message().write(Octets.of(text));
            return submission.commit("joe", List.of("ann"));
        }
    }

    private void takeIn(SimulatedDisk disk) throws IOException {
        DropIntake.of(QUEUE, inside::begin, disk, CLOCK, log::add).run(() -> false);
    }

    private List<String> taken() {
        return inside.accepted().stream().map(CollectingQueue.Accepted::text).toList();
    }

    @Test
    void aFileThatCannotBeReadStaysAndHoldsUpNoOther() throws IOException {
        SimulatedDisk disk = disk();
        for (int i = 0; i < 5; i++) {
            assertThat(drop(disk, "letter " + i)).isInstanceOf(QueueResult.Accepted.class);
        }
        String bad = disk.list(DropDirectory.in(QUEUE)).get(2);
        disk.breakBlock(DropDirectory.intake(QUEUE).resolve(bad), 0);
        takeIn(disk);
        assertThat(taken()).hasSize(4);
        assertThat(disk.list(DropDirectory.intake(QUEUE))).containsExactly(bad);
        assertThat(log).singleElement().asString().contains(bad).contains("Input/output error");
        disk.mend();
        takeIn(disk);
        assertThat(taken()).hasSize(5).doesNotHaveDuplicates();
        assertThat(disk.list(DropDirectory.intake(QUEUE))).isEmpty();
    }

    @Test
    void whatWasDroppedIsTakenInWheneverThePowerGoes() throws IOException {
        int refused = 0;
        for (int cut = 0; cut < 40; cut++) {
            inside = new CollectingQueue();
            SimulatedDisk disk = disk();
            assertThat(drop(disk, "first")).isInstanceOf(QueueResult.Accepted.class);
            disk.powerOffAfter(cut);
            boolean second = drop(disk, "second") instanceof QueueResult.Accepted;
            refused += second ? 0 : 1;
            try {
                takeIn(disk);
            } catch (IOException off) {
                assertThat(off).hasMessageContaining("power is off");
            }
            SimulatedDisk after = disk.afterPowerLoss(new SplittableRandom(cut));
            takeIn(after);
            assertThat(taken()).as("cut at %d", cut).contains("first");
            assertThat(taken().contains("second") || !second)
                    .as("cut at %d: what was accepted is there", cut)
                    .isTrue();
            assertThat(after.list(DropDirectory.intake(QUEUE))).isEmpty();
        }
        assertThat(refused).isBetween(3, 20);
    }
}
