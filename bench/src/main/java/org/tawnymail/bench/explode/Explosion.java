package org.tawnymail.bench.explode;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one message did.
 *
 * @param recipients who got it
 * @param missing who did not
 * @param accepting from its first command to its 250
 * @param perSecond recipients a second, from the 250 until the last of them
 * @param transactions how many times its text was sent
 * @param connections how many connections were opened
 * @param serverCpu processor seconds of the server for 1,000 recipients
 */
record Explosion(
        int recipients,
        int missing,
        Duration accepting,
        double perSecond,
        double transactions,
        double connections,
        double serverCpu) {

    static final String HEADING =
            "round     recipients/s  transactions  connections  accepted in ms  server cpu s/1000  missing";

    String line(String name) {
        return "%-9s %12.0f  %12.0f  %11.0f  %14.1f  %17.3f  %7d"
                .formatted(name, perSecond, transactions, connections, accepting.toNanos() / 1e6, serverCpu, missing);
    }

    /** Of each figure its median; what is missing is added up. */
    static Explosion median(List<Explosion> rounds) {
        return new Explosion(
                rounds.getFirst().recipients,
                rounds.stream().mapToInt(Explosion::missing).sum(),
                Duration.ofNanos((long) median(rounds, round -> round.accepting.toNanos())),
                median(rounds, Explosion::perSecond),
                median(rounds, Explosion::transactions),
                median(rounds, Explosion::connections),
                median(rounds, Explosion::serverCpu));
    }

    private static double median(List<Explosion> rounds, ToDoubleFunction<Explosion> figure) {
        List<Double> sorted = rounds.stream()
                .map(figure::applyAsDouble)
                .sorted(Comparator.naturalOrder())
                .toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
