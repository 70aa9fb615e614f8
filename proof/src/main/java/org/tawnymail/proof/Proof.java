package org.tawnymail.proof;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.control.Home;
import org.tawnymail.proof.disk.RecordingDisk;

/** Many scenarios, one after another on each of several threads, each cut everywhere. */
final class Proof {

    /** After so many violations no further scenario is begun. */
    private static final int ENOUGH = 5;

    private final Home controls;
    private final Mistake mistake;
    private final List<Thread> workers = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();
    private final Set<RecordingDisk.Hit> hits = new HashSet<>();
    private final AtomicLong cuts = new AtomicLong();
    private final AtomicLong furtherCuts = new AtomicLong();
    private final AtomicLong scenarios = new AtomicLong();
    private @Nullable Throwable defect;

    /**
     * @param controls the control files that qmail-send reads
     * @param mistake what the mail system does wrong
     */
    Proof(Home controls, Mistake mistake) {
        this.controls = controls;
        this.mistake = mistake;
    }

    /** Begins; called once. */
    void start(long first, long seeds, int threads) {
        AtomicLong next = new AtomicLong(first);
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().name("prove-" + i).start(() -> {
                for (long seed = next.getAndIncrement();
                        seed < first + seeds && goesOn();
                        seed = next.getAndIncrement()) {
                    prove(seed);
                }
            }));
        }
    }

    private void prove(long seed) {
        try {
            Recording recording = Scenario.run(controls, mistake, seed);
            PowerCut power = new PowerCut(controls, mistake, seed, PowerCut.MOST_CUTS_BEFORE);
            power.everywhere(recording);
            scenarios.incrementAndGet();
            cuts.addAndGet(power.cuts());
            furtherCuts.addAndGet(power.furtherCuts());
            synchronized (this) {
                violations.addAll(power.violations());
                hits.addAll(recording.hits());
            }
        } catch (IOException | RuntimeException | Error broken) {
            synchronized (this) {
                defect = new IllegalStateException("seed " + seed, broken);
            }
        }
    }

    private synchronized boolean goesOn() {
        return violations.size() < ENOUGH && defect == null;
    }

    /**
     * Waits for the end.
     *
     * @return whether it was reached within the limit
     * @throws IllegalStateException if a scenario could not be run at all: a defect of the proof or of what it proves
     */
    boolean await(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            for (Thread worker : workers) {
                if (!worker.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
                    return false;
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
        synchronized (this) {
            if (defect != null) {
                throw new IllegalStateException("a scenario could not be run", defect);
            }
            return true;
        }
    }

    long scenarios() {
        return scenarios.get();
    }

    /** How often the power was cut. */
    long cuts() {
        return cuts.get();
    }

    /** How many of them came after another cut. */
    long furtherCuts() {
        return furtherCuts.get();
    }

    synchronized List<Violation> violations() {
        return List.copyOf(violations);
    }

    /** The faults of the disk that something met in the scenarios. */
    synchronized Set<RecordingDisk.Hit> hits() {
        return Set.copyOf(hits);
    }
}
