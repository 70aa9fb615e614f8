package org.tawnymail.queue.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tawnymail.base.Octets;
import org.tawnymail.queue.QueuePort.Origin;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.queue.Submission;
import org.tawnymail.queue.disk.SimulatedDisk;
import org.tawnymail.queue.journal.JournalLimits;

/**
 * What a force that failed was to write may be in the memory of the system only: the next process reads it, and its forces do
 * not write it.
 */
@Timeout(60)
class FailedForceTest {

    private static final Path QUEUE = Path.of("/home/queue");
    private static final Path JOURNAL = QUEUE.resolve("journal");
    private static final Instant NOW = Instant.parse("2025-03-07T09:04:05Z");
    private static final int SEGMENT = 8 << 10;
    private static final int SEVERAL_SECTORS = 1500;

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private SimulatedDisk disk = new SimulatedDisk();

    private JournalQueue open() throws IOException {
        QueueOptions options =
                new QueueOptions(new JournalLimits(SEGMENT, SEGMENT, 1), 2048, 2048, Long.MAX_VALUE, 42, List.of());
        return JournalQueue.open(QUEUE, options, InstantSource.fixed(NOW), disk, new SplittableRandom(1), log::add);
    }

    private static final int LONGER_THAN_INLINE = 3000;
    private static final int OPERATIONS_OF_A_START = 25;
    private static final int RUNS_OF_A_CUT = 8;
    private static final int MESSAGES_OF_TWO_SEGMENTS = 8;

    private static QueueResult submit(JournalQueue queue, int i, int size) throws IOException {
        try (Submission submission = queue.begin(Origin.USER)) {
            submission.message().write(Octets.of("message " + i + "\n" + "x".repeat(size) + "\n"));
            return submission.commit("joe@x", List.of("ann@y"));
        }
    }

    private static long accepted(QueueResult result) {
        return ((QueueResult.Accepted) result).qp();
    }

    @Test
    void aStartRemovesTheFileOfAFinishedMessageOnlyWhenItIsDurableThatItIsFinished() throws IOException {
        for (int cut = 0; cut < OPERATIONS_OF_A_START; cut++) {
            disk = new SimulatedDisk();
            JournalQueue queue = open();
            long message = accepted(submit(queue, 1, LONGER_THAN_INLINE));
            disk.failForces(true);
            queue.finish(message);
            assertThatThrownBy(queue::close).isInstanceOf(IOException.class);

            disk.failForces(false);
            disk.powerOffAfter(cut);
            try {
                open().close();
            } catch (IOException off) {
                assertThat(off).hasMessageContaining("power is off");
            }
            disk = disk.afterPowerLoss(new SplittableRandom(cut));
            log.clear();
            queue = open();
            assertThat(log).as("cut at %d", cut).noneMatch(line -> line.contains("is missing"));
            queue.close();
        }
    }

    @Test
    void aRefusedMessageWhoseRecordMayHaveBeenWrittenIsWholeIfItIsFound() throws IOException {
        JournalQueue queue = open();
        accepted(submit(queue, 1, SEVERAL_SECTORS));
        disk.failForcesIn(JOURNAL);
        assertThat(submit(queue, 2, LONGER_THAN_INLINE)).isInstanceOf(QueueResult.Refused.class);
        assertThat(submit(queue, 3, LONGER_THAN_INLINE)).isInstanceOf(QueueResult.Refused.class);
        assertThat(disk.list(QUEUE.resolve("large")))
                .as("the second was never written")
                .hasSize(1);
        assertThatThrownBy(queue::close).isInstanceOf(IOException.class);

        disk.mend();
        log.clear();
        queue = open();
        assertThat(log).isEmpty();
        assertThat(queue.messages()).hasSize(2);
        try (var in = queue.content(queue.messages().getLast()).open()) {
            assertThat(Octets.text(in.readAllBytes())).contains("message 2\n");
        }
        queue.close();
    }

    @Test
    void aSegmentIsNotWrittenAgainBeforeItIsDurableThatItWasGivenUp() throws IOException {
        for (int run = 0; run < RUNS_OF_A_CUT * OPERATIONS_OF_A_START; run++) {
            int cut = run / RUNS_OF_A_CUT;
            disk = new SimulatedDisk();
            JournalQueue queue = open();
            for (int i = 0; i < MESSAGES_OF_TWO_SEGMENTS; i++) {
                queue.finish(accepted(submit(queue, i, SEVERAL_SECTORS)));
            }
            queue.close();
            // What a process does that is killed before it forces the directory: nothing in the segment is needed any
            // more.
            String segment = firstSegment();
            disk.rename(JOURNAL.resolve(segment), JOURNAL.resolve("spare." + segment));

            disk.powerOffAfter(cut);
            try (JournalQueue next = open()) {
                submit(next, MESSAGES_OF_TWO_SEGMENTS, SEVERAL_SECTORS);
            } catch (IOException off) {
                assertThat(off).hasMessageContaining("power is off");
            }
            disk = disk.afterPowerLoss(new SplittableRandom(run));
            log.clear();
            queue = open();
            assertThat(log).as("cut at %d", cut).noneMatch(line -> line.contains("is damaged"));
            queue.close();
        }
    }

    private String firstSegment() throws IOException {
        return disk.list(JOURNAL).stream()
                .filter(name -> Character.isDigit(name.charAt(0)))
                .sorted()
                .findFirst()
                .orElseThrow();
    }

    @Test
    void afterALossOfPowerTheJournalIsNotCalledDamagedForWhatWasInMemoryOnly() throws IOException {
        JournalQueue queue = open();
        long first = accepted(submit(queue, 1, SEVERAL_SECTORS));
        disk.failForces(true);
        assertThat(submit(queue, 2, SEVERAL_SECTORS)).isInstanceOf(QueueResult.Refused.class);
        assertThatThrownBy(queue::close).isInstanceOf(IOException.class);

        disk.failForces(false);
        log.clear();
        queue = open();
        assertThat(queue.messages()).as("the refused one can be read").hasSize(2);
        long third = accepted(submit(queue, 3, SEVERAL_SECTORS));
        queue.close();

        disk = disk.afterPowerLoss(new SplittableRandom(1));
        queue = open();
        assertThat(log).isEmpty();
        assertThat(queue.messages()).contains(first, third);
        queue.close();
    }
}
