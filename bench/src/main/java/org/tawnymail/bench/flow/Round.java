package org.tawnymail.bench.flow;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one round measured.
 *
 * @param acknowledged messages that the server answered with 250
 * @param failed messages that it did not take
 * @param delivered messages at their destination in the end
 * @param acceptedPerSecond acknowledged ones until the last connection ended
 * @param deliveredPerSecond until the last one was at its destination
 * @param median the time from connection (or first command) to acknowledgement that half of them stayed within
 * @param slowest the same for 99 of 100
 * @param serverCpu processor seconds of the server for 1,000 messages, deliveries included
 * @param clientCpu processor seconds of the client for 1,000 messages
 */
public record Round(
        int acknowledged,
        int failed,
        int delivered,
        double acceptedPerSecond,
        double deliveredPerSecond,
        Duration median,
        Duration slowest,
        double serverCpu,
        double clientCpu) {

    static final String HEADING =
            "round     accepted/s  delivered/s  latency ms 50 %   99 %  server cpu s/1000  client cpu s/1000   failed  missing";

    /** One line of the table. */
    String line(String name) {
        return "%-9s %10.0f  %11.0f  %15.1f %6.1f  %17.3f  %17.3f  %7d  %7d"
                .formatted(
                        name,
                        acceptedPerSecond,
                        deliveredPerSecond,
                        median.toNanos() / 1e6,
                        slowest.toNanos() / 1e6,
                        serverCpu,
                        clientCpu,
                        failed,
                        missing());
    }

    /** Acknowledged messages that did not arrive. */
    int missing() {
        return Math.max(0, acknowledged - delivered);
    }

    /** Whether everything was taken and everything arrived. */
    public boolean isLossless() {
        return failed == 0 && missing() == 0;
    }

    /** Of each figure its median over all rounds; failures are added up. */
    static Round median(List<Round> rounds) {
        return new Round(
                rounds.stream().mapToInt(Round::acknowledged).sum(),
                rounds.stream().mapToInt(Round::failed).sum(),
                rounds.stream().mapToInt(Round::acknowledged).sum()
                        - rounds.stream().mapToInt(Round::missing).sum(),
                median(rounds, Round::acceptedPerSecond),
                median(rounds, Round::deliveredPerSecond),
                Duration.ofNanos((long) median(rounds, round -> round.median.toNanos())),
                Duration.ofNanos((long) median(rounds, round -> round.slowest.toNanos())),
                median(rounds, Round::serverCpu),
                median(rounds, Round::clientCpu));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        List<Double> sorted = rounds.stream()
                .map(figure::applyAsDouble)
                .sorted(Comparator.naturalOrder())
                .toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
