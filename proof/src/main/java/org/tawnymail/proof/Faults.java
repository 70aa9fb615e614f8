package org.tawnymail.proof;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.tawnymail.proof.disk.Fault;

/** What goes wrong with the disk of a scenario besides the power, as its seed has it. */
final class Faults {

    private static final int ONE_SCENARIO_IN = 3;
    private static final int LATEST = 150;

    /** Mostly nothing; else one fault or two, early enough to meet something. */
    static List<Fault> draw(RandomGenerator random) {
        List<Fault> faults = new ArrayList<>();
        if (random.nextInt(ONE_SCENARIO_IN) == 0) {
            for (int i = random.nextInt(1, 3); i > 0; i--) {
                faults.add(one(random));
            }
        }
        return faults;
    }

    private static Fault one(RandomGenerator random) {
        Fault.Kind[] kinds = Fault.Kind.values();
        Fault.Kind kind = kinds[random.nextInt(kinds.length)];
        Path below = random.nextInt(3) == 0 ? Scenario.HOME : random.nextBoolean() ? Scenario.QUEUE : Scenario.USERS;
        if (kind == Fault.Kind.READ) {
            // What cannot be read of the queue counts as damage: it is told and set aside, and waits for an operator.
            below = Scenario.USERS;
        }
        int lasting = kind == Fault.Kind.FULL ? random.nextInt(5, 80) : random.nextInt(1, 4);
        // Some at once when the system starts, where much is read.
        int from = random.nextInt(4) == 0 ? random.nextInt(5) : random.nextInt(LATEST);
        return new Fault(kind, below, random.nextInt(1, Scenario.MOST_STARTS), from, lasting);
    }

    private Faults() {}
}
