package org.tawnymail.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tawnymail.base.control.Home;
import org.tawnymail.proof.disk.Fault;
import org.tawnymail.proof.disk.Fault.Kind;
import org.tawnymail.proof.disk.RecordingDisk;

/**
 * A disk that fails, besides losing power, loses no mail either, and does not keep the queue from starting once it works
 * again. One loss of power each time; {@code tawny prove} has several.
 */
@Timeout(300)
class FaultyDiskTest {

    /** So many scenarios in which the fault met something. */
    private static final int SCENARIOS = 2;

    private static final int MOST_TRIES = 60;

    @TempDir
    Path folder;

    /** What fails, and where. */
    record Case(Kind kind, Path below) {

        boolean isMailbox() {
            return below.equals(Scenario.USERS);
        }

        @Override
        public String toString() {
            return kind + (isMailbox() ? " of a mailbox" : " of the queue");
        }
    }

    static Stream<Case> cases() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(new Case(kind, Scenario.QUEUE), new Case(kind, Scenario.USERS)))
                .filter(one -> !(one.isMailbox() ? isNeverAskedOfMailboxes(one.kind) : isNeverAskedOfQueue(one.kind)));
    }

    private static boolean isNeverAskedOfMailboxes(Kind kind) {
        return kind == Kind.LIST;
    }

    private static boolean isNeverAskedOfQueue(Kind kind) {
        // What cannot be read of the queue counts as damage, which has tests of its own there.
        return kind == Kind.TRUNCATE || kind == Kind.FILE_SYSTEM_FORCE || kind == Kind.READ;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void noMailIsLostAndTheQueueStarts(Case one) throws Exception {
        Home controls = Prove.controls(folder);
        int met = 0;
        for (long seed = 1; met < SCENARIOS && seed <= MOST_TRIES; seed++) {
            Recording recording = Scenario.run(controls, Mistake.NONE, seed, faults(one, seed));
            if (recording.hits().contains(new RecordingDisk.Hit(one.kind, one.isMailbox()))) {
                met++;
                PowerCut power = new PowerCut(controls, Mistake.NONE, seed, 0);
                power.everywhere(recording);
                assertThat(power.violations())
                        .extracting(Violation::line)
                        .as("seed %d", seed)
                        .isEmpty();
            }
        }
        assertThat(met).as("scenarios in which the fault met something").isEqualTo(SCENARIOS);
    }

    private static List<Fault> faults(Case one, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int start = random.nextInt(1, 3);
        int from = seed % 3 == 0 ? 0 : random.nextInt(10, 100);
        int lasting = one.kind == Kind.FULL ? 60 : random.nextInt(1, 4);
        Fault fault = new Fault(one.kind, one.below, start, from, lasting);
        // A delivery removes and cuts off only what it could not finish.
        boolean needsAnother = one.isMailbox() && (one.kind == Kind.DELETE || one.kind == Kind.TRUNCATE);
        return needsAnother ? List.of(fault, new Fault(Kind.FORCE, one.below, start, from, 2)) : List.of(fault);
    }
}
