package org.tawnymail.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.tawnymail.base.control.Home;
import org.tawnymail.proof.disk.DiskState;
import org.tawnymail.proof.disk.Faults;
import org.tawnymail.proof.disk.RecordingDisk;

/**
 * Some dozen messages through a mail system: submitted, delivered to Maildirs and mboxes, handed to another host, put off,
 * tried again, bounced, finished; the journal is cleaned and the system restarted in between. What happens is decided by a
 * seed; only the order of what happens at the same moment is not.
 */
final class Scenario {

    static final Path HOME = Path.of("/home");
    static final Path QUEUE = HOME.resolve("queue");
    static final List<Path> MAILDIRS = List.of(HOME.resolve("a"), HOME.resolve("b"));
    static final List<Path> MBOXES = List.of(HOME.resolve("mbox"));

    private static final List<String> RECIPIENTS = List.of(
            "ann@here", "bob@here", "mbox@here", "nobody@here", "late@here", "far@there", "busy@there", "mbox2@here");
    private static final List<String> SENDERS = List.of("ann@here", "mbox@here", "nobody@here", "");

    /** After this long every message has been tried for the last time: a week, and what the schedule adds. */
    private static final Duration A_LONG_TIME = Duration.ofDays(9);

    private static final int STARTS = 2;

    /** Rounds at the end, each long enough for all retries: bounces of bounces need a few. */
    private static final int LAST_ROUNDS = 12;

    private final Home controls;
    private final RandomGenerator random;
    private final SteppedClock clock = new SteppedClock();
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    Scenario(Home controls, long seed) {
        this.controls = controls;
        this.random = new SplittableRandom(seed);
    }

    /** Runs it on an empty disk. */
    Recording run() throws IOException {
        Faults faults = faults();
        RecordingDisk disk = new RecordingDisk(new DiskState(), faults);
        History history = new History(disk::operations);
        int letters = 0;
        for (int start = 0; start < STARTS; start++) {
            DeliveryWatch watch = new DeliveryWatch();
            boolean last = start == STARTS - 1;
            if (last) {
                // A disk that stays full for a week makes mail bounce, and bounces too: no loss, and nothing to prove.
                disk.mend();
            }
            try (Mailer mailer = new Mailer(controls, disk, history, clock, start, random, watch, log::add)) {
                int steps = random.nextInt(4) == 0 ? random.nextInt(6, 14) : random.nextInt(2, 6);
                for (int step = 0; step < steps; step++) {
                    letters = step(mailer, watch, letters);
                }
                if (last) {
                    finish(mailer, watch);
                }
            }
        }
        return new Recording(disk.changes(), history, log);
    }

    /** Runs what a loss of power has left to its end, on its disk. */
    static Recording goOn(Home controls, DiskState left, History before, long seed) throws IOException {
        Scenario scenario = new Scenario(controls, seed);
        RecordingDisk disk = new RecordingDisk(left, Faults.NONE);
        History history = new History(disk::operations);
        before.offered().forEach(history::offer);
        DeliveryWatch watch = new DeliveryWatch();
        try (Mailer mailer =
                new Mailer(controls, disk, history, scenario.clock, 100, scenario.random, watch, scenario.log::add)) {
            scenario.finish(mailer, watch);
        }
        return new Recording(disk.changes(), history, scenario.log);
    }

    /** One scenario in four has a disk that fails in another way, too. */
    private Faults faults() {
        int change = random.nextInt(10, 150);
        return switch (random.nextInt(12)) {
            case 0 -> Faults.failedForce(change);
            case 1 -> Faults.full(change, change + random.nextInt(5, 60));
            case 2 -> Faults.shortWrite(change);
            default -> Faults.NONE;
        };
    }

    private int step(Mailer mailer, DeliveryWatch watch, int letters) throws IOException {
        int next = letters;
        switch (random.nextInt(8)) {
            case 0, 1, 2, 3, 4 -> {
                int together = random.nextInt(1, 4);
                for (int i = 0; i < together; i++) {
                    mailer.submit(letter(next));
                    next++;
                }
                if (random.nextBoolean()) {
                    watch.awaitQuiet();
                }
            }
            case 5 -> {
                clock.advance(Duration.ofSeconds(random.nextInt(1, 2000)));
                mailer.send().hangup();
                watch.awaitQuiet();
            }
            default -> mailer.clean();
        }
        return next;
    }

    private Letter letter(int number) {
        int count = random.nextInt(8) == 0 ? 12 : random.nextInt(1, 4);
        List<String> recipients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            recipients.add(RECIPIENTS.get(random.nextInt(RECIPIENTS.size())));
        }
        int filler = random.nextInt(6) == 0 ? Mailer.LARGEST_INLINE + random.nextInt(3000) : random.nextInt(1200);
        return Letter.of(number, SENDERS.get(random.nextInt(SENDERS.size())), recipients, filler);
    }

    private void finish(Mailer mailer, DeliveryWatch watch) throws IOException {
        for (int round = 0; round < LAST_ROUNDS && !mailer.messages().isEmpty(); round++) {
            watch.awaitQuiet();
            clock.advance(A_LONG_TIME.dividedBy(4));
            mailer.send().alarm();
            watch.awaitQuiet();
        }
        mailer.clean();
    }
}
