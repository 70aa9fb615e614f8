package org.tawnymail.send.schedule;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.tawnymail.base.Outcome;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Envelope;
import org.tawnymail.queue.Routing;
import org.tawnymail.send.MemoryQueue;

/** Runs a {@link Schedule} over a simulated clock: seconds pass only when nothing else can happen. */
final class Simulation {

    static final long BEGIN = 1_700_000_000;

    /** One attempt that was made. */
    record Attempt(long at, long number, long message, String address) {}

    /** How long a delivery takes, and what becomes of it for each recipient. */
    record Answer(long seconds, List<Outcome> outcomes) {

        /** The same for all recipients, or for the only one. */
        Answer(long seconds, Outcome outcome) {
            this(seconds, List.of(outcome));
        }

        Outcome outcome(int place) {
            return outcomes.size() == 1 ? outcomes.getFirst() : outcomes.get(place);
        }
    }

    private record Ending(long at, Delivery delivery, List<Outcome> outcomes) {}

    final MemoryQueue queue = new MemoryQueue(() -> Instant.ofEpochSecond(now()));
    final Schedule schedule;
    final List<Attempt> attempts = new ArrayList<>();
    final List<Delivery> deliveries = new ArrayList<>();
    final List<String> reports = new ArrayList<>();
    final List<Long> concluded = new ArrayList<>();
    final Map<String, Integer> underway = new HashMap<>();
    private final Set<String> busy = new HashSet<>();
    private final Map<String, Pass> lastPass = new HashMap<>();
    int mostLocal;
    int mostRemote;

    private final Function<Delivery, Answer> world;
    private final PriorityQueue<Ending> endings = new PriorityQueue<>(
            (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.delivery.number(), b.delivery.number()));
    private long now = BEGIN;

    /**
     * @param world what becomes of each attempt
     */
    Simulation(int local, int remote, long lifetime, Function<Delivery, Answer> world) {
        this(local, remote, lifetime, ScheduleBounds.USUAL, world);
    }

    Simulation(int local, int remote, long lifetime, ScheduleBounds bounds, Function<Delivery, Answer> world) {
        this(local, remote, lifetime, 1, bounds, world);
    }

    /**
     * @param together how many may share a delivery
     */
    Simulation(
            int local,
            int remote,
            long lifetime,
            int together,
            ScheduleBounds bounds,
            Function<Delivery, Answer> world) {
        this.schedule = new Schedule(local, remote, lifetime, together, bounds);
        this.world = world;
    }

    long now() {
        return now;
    }

    /** Accepts a message; addresses at {@code here} are local. */
    long accept(String... recipients) {
        return accept(List.of(recipients));
    }

    long accept(List<String> recipients) {
        return acceptFrom("ann@here", recipients);
    }

    long acceptFrom(String sender, List<String> recipients) {
        long message = queue.accept(sender, "", MemoryQueue.UID, recipients);
        schedule.arrived(message);
        return message;
    }

    /** Accepts a message that was tried before this start, as the queue shows it. */
    long find(long due, String recipient) {
        long message = queue.accept("ann@here", "", MemoryQueue.UID, List.of(recipient));
        route(message);
        schedule.prepared(
                message,
                recipient.endsWith("@here") ? OptionalLong.of(due) : OptionalLong.empty(),
                recipient.endsWith("@here") ? OptionalLong.empty() : OptionalLong.of(due));
        return message;
    }

    private void route(long message) {
        try {
            queue.route(
                    message,
                    address -> new Routing(address.endsWith("@here") ? Channel.LOCAL : Channel.REMOTE, address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets everything happen up to a time. */
    void runUntil(long end) {
        carryOut();
        while (true) {
            schedule.turn(now);
            carryOut();
            long due = schedule.nextDue(now);
            long next = Math.min(due, endings.isEmpty() ? Long.MAX_VALUE : endings.peek().at);
            if (next > end) {
                now = end;
                return;
            }
            now = Math.max(now, next);
            while (!endings.isEmpty() && endings.peek().at <= now) {
                end(endings.remove());
                carryOut();
            }
        }
    }

    void runFor(long seconds) {
        runUntil(now + seconds);
    }

    /** Lets everything happen until no attempt is under way and none is ever due, or a year has gone by. */
    void runToTheEnd() {
        runFor(365 * 86_400L);
    }

    private void end(Ending ending) {
        underway.merge(key(ending.delivery), -1, Integer::sum);
        recipients(ending.delivery).forEach(busy::remove);
        schedule.outcome(now, ending.delivery, ending.outcomes);
    }

    static String key(Delivery delivery) {
        String address = delivery.address(0);
        return address.substring(address.lastIndexOf('@') + 1);
    }

    private static List<String> recipients(Delivery delivery) {
        return delivery.recipients().stream()
                .map(recipient -> delivery.message() + "/" + recipient.index())
                .toList();
    }

    private void carryOut() {
        try {
            for (Effect effect = schedule.poll(); effect != null; effect = schedule.poll()) {
                carryOut(effect);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void carryOut(Effect effect) throws IOException {
        switch (effect) {
            case Effect.Prepare(long message) -> {
                route(message);
                schedule.routed(
                        message,
                        queue.remaining(message, Channel.LOCAL) > 0,
                        queue.remaining(message, Channel.REMOTE) > 0);
            }
            case Effect.ReadRecipients(Walk walk, int limit) -> {
                Pass pass = walk.pass();
                Envelope envelope = queue.envelope(pass.message());
                schedule.page(
                        walk,
                        envelope.birth().getEpochSecond(),
                        envelope.sender(),
                        queue.recipients(pass.message(), pass.channel(), walk.next(), limit));
                schedule.goOn(now);
            }
            case Effect.ReportMangled mangled -> throw new AssertionError("nothing is mangled here: " + mangled);
            case Effect.Start(Delivery delivery) -> start(delivery);
            case Effect.Report(Delivery delivery, var outcomes) -> {
                for (int i = 0; i < delivery.size(); i++) {
                    Outcome outcome = outcomes.get(i);
                    reports.add(outcome.getClass().getSimpleName() + " " + outcome.text());
                }
            }
            case Effect.Settle(Delivery delivery, var outcomes) -> {
                for (int i = 0; i < delivery.size(); i++) {
                    if (!(outcomes.get(i) instanceof Outcome.Deferred)) {
                        queue.done(
                                delivery.message(), delivery.recipients().get(i).index());
                    }
                }
                schedule.settled(delivery);
            }
            case Effect.ShowStatus(int local, int remote, boolean exiting) -> {
                mostLocal = Math.max(mostLocal, local);
                mostRemote = Math.max(mostRemote, remote);
            }
            case Effect.Conclude(long message) -> {
                queue.finish(message);
                concluded.add(message);
            }
        }
    }

    private void start(Delivery delivery) {
        deliveries.add(delivery);
        for (int i = 0; i < delivery.size(); i++) {
            attempts.add(new Attempt(now, delivery.number(i), delivery.message(), delivery.address(i)));
        }
        underway.merge(key(delivery), 1, Integer::sum);
        for (String recipient : recipients(delivery)) {
            if (!busy.add(recipient)) {
                throw new IllegalStateException("twice at a time: " + delivery);
            }
            if (lastPass.put(recipient, delivery.pass()) == delivery.pass()) {
                throw new IllegalStateException("twice in one pass: " + delivery);
            }
        }
        Answer answer = world.apply(delivery);
        List<Outcome> outcomes =
                IntStream.range(0, delivery.size()).mapToObj(answer::outcome).toList();
        endings.add(new Ending(now + answer.seconds, delivery, outcomes));
    }

    /** Recipients of a message, mostly a few, some of them at one host. */
    static List<String> someAddresses(Random random) {
        List<String> addresses = new ArrayList<>();
        int count = random.nextInt(10) == 0 ? random.nextInt(300) : random.nextInt(4);
        for (int i = 0; i < count; i++) {
            addresses.add("user" + i + "@"
                    + List.of("here", "a.test", "b.test", "C.test", "c.test").get(random.nextInt(5)));
        }
        Collections.shuffle(addresses, random);
        return addresses;
    }
}
