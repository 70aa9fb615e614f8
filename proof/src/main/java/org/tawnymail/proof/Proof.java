package org.tawnymail.proof;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.control.Home;

/** Many scenarios, one after another on each of several threads, each cut everywhere. */
final class Proof {

    /** After so many violations no further scenario is begun. */
    private static final int ENOUGH = 5;

    private final Home controls;
    private final Optional<Mistake> mistake;
    private final List<Thread> workers = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final AtomicLong cuts = new AtomicLong();
    private final AtomicLong scenarios = new AtomicLong();
    private @Nullable Throwable defect;

    /**
     * @param controls the control files that qmail-send reads
     * @param mistake one to plant into every recording
     */
    Proof(Home controls, Optional<Mistake> mistake) {
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
            Recording recording = new Scenario(controls, seed).run();
            PowerCut power = new PowerCut(controls, seed);
            power.everywhere(mistake.isPresent() ? mistake.get().plant(recording) : recording);
            cuts.addAndGet(power.cuts());
            scenarios.incrementAndGet();
            synchronized (this) {
                violations.addAll(power.violations());
            }
        } catch (IOException | RuntimeException | Error broken) {
            synchronized (this) {
                defect = broken;
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

    /** Each with its seed and the change of the disk after which the power was cut. */
    synchronized List<String> violations() {
        return List.copyOf(violations);
    }
}
