package org.tawnymail.bench.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What became of a {@link LoadPlan}. */
public final class LoadResult {

    private final long[] nanos;
    private final long[] sorted;
    private final List<String> errors;
    private final Duration elapsed;
    private final Duration cpu;

    /**
     * @param nanos for each message how long it took from its first command (or its connection) to its acknowledgement;
     *     0 if it was not acknowledged
     */
    LoadResult(long[] nanos, List<String> errors, Duration elapsed, Duration cpu) {
        this.nanos = nanos;
        this.sorted = Arrays.stream(nanos).filter(taken -> taken > 0).sorted().toArray();
        this.errors = List.copyOf(errors);
        this.elapsed = elapsed;
        this.cpu = cpu;
    }

    /** How many messages the server answered with 250. */
    public int acknowledged() {
        return sorted.length;
    }

    /** Whether the server answered this message with 250; the first one is 0. */
    public boolean isAcknowledged(int message) {
        return nanos[message] > 0;
    }

    /** How many messages it did not take. */
    public int failed() {
        return nanos.length - sorted.length;
    }

    /** Why, for the first few. */
    public List<String> errors() {
        return errors;
    }

    /** From the first connection to the end of the last. */
    public Duration elapsed() {
        return elapsed;
    }

    /** Processor time of the client's thread. */
    public Duration cpu() {
        return cpu;
    }

    public double perSecond() {
        return acknowledged() / (elapsed.toNanos() / 1e9);
    }

    public double cpuMicrosPerMessage() {
        return cpu.toNanos() / 1e3 / Math.max(1, acknowledged());
    }

    /** The time that this percentage of the acknowledged messages stayed within. */
    public Duration percentile(double percent) {
        if (sorted.length == 0) {
            return Duration.ZERO;
        }
        int index = (int) Math.ceil(sorted.length * percent / 100) - 1;
        return Duration.ofNanos(sorted[Math.clamp(index, 0, sorted.length - 1)]);
    }
}
