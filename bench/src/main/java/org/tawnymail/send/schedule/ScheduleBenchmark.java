package org.tawnymail.send.schedule;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.tawnymail.base.Outcome;
import org.tawnymail.queue.Recipient;
import org.tawnymail.queue.RecipientPage;

/** What qmail-send decides for a message from its arrival to its end, while so many others wait for a retry. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ScheduleBenchmark {

    private static final int SLOTS = 20;
    private static final int LIFETIME = 604_800;
    private static final int FIRST_RETRY = 400;
    private static final long NOW = 1_700_000_000;

    private static final List<Outcome> DELIVERED = List.of(new Outcome.Delivered("did 1+0+0\n"));
    private static final List<Outcome> DEFERRED = List.of(new Outcome.Deferred("no answer\n"));
    private static final RecipientPage RECIPIENT =
            new RecipientPage(List.of(new Recipient(0, "ann@far.test")), RecipientPage.END);

    @Param({"0", "1000000"})
    int waiting;

    private Schedule schedule = new Schedule(SLOTS, SLOTS, LIFETIME, 1);
    private long message;
    private long now = NOW;

    /** All that waits is due at a time of its own, far ahead. */
    @Setup(Level.Trial)
    public void fill() {
        schedule = new Schedule(SLOTS, SLOTS, LIFETIME, 1);
        for (long number = 1; number <= waiting; number++) {
            schedule.prepared(number, OptionalLong.empty(), OptionalLong.of(Long.MAX_VALUE / 2 + number));
        }
        message = waiting;
    }

    /** A message to one recipient here, delivered at once. */
    @Benchmark
    public long delivered() {
        schedule.arrived(++message);
        return itsNumber(untilIdle(DELIVERED));
    }

    /** A message that is deferred, waits among the others, and is delivered at its first retry. */
    @Benchmark
    public long deferredOnce() {
        schedule.arrived(++message);
        untilIdle(DEFERRED);
        now += FIRST_RETRY;
        return itsNumber(untilIdle(DELIVERED));
    }

    private long itsNumber(long concluded) {
        if (concluded != message) {
            throw new IllegalStateException("message " + message + " has not come to its end");
        }
        return concluded;
    }

    /** Does all that the schedule wants, as qmail-send does, and gives the last message that was concluded. */
    private long untilIdle(List<Outcome> outcome) {
        long concluded = 0;
        schedule.turn(now);
        for (Effect effect = schedule.poll(); effect != null; effect = schedule.poll()) {
            switch (effect) {
                case Effect.Prepare(long number) -> {
                    schedule.routed(number, true, false);
                    schedule.turn(now);
                }
                case Effect.ReadRecipients(Walk walk, int limit) -> {
                    schedule.page(walk, now, "kim@corp.example", RECIPIENT);
                    schedule.goOn(now);
                }
                case Effect.Start(Delivery delivery) -> schedule.outcome(now, delivery, outcome);
                case Effect.Settle(Delivery delivery, List<Outcome> outcomes) -> schedule.settled(delivery);
                case Effect.Conclude(long number) -> concluded = number;
                case Effect.Report report -> {}
                case Effect.ReportMangled mangled -> {}
                case Effect.ShowStatus status -> {}
            }
        }
        return concluded;
    }
}
