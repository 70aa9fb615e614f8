package org.tawnymail.proof.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.tawnymail.base.Octets;

/** What servers have said that is not the usual log of deliveries, each kind of line with how often it came. */
final class ServerTalk {

    /** Whatever is not the usual log. */
    static final Set<String> EVERYTHING =
            Set.of("queue: ", "alert: ", "warning: ", "tawny: ", "serve: ", "Exception", "\tat ");

    private final Set<String> alarming;
    private final Set<String> expected;
    private final TreeMap<String, Integer> lines = new TreeMap<>();

    /**
     * @param alarming how lines begin that no kill gives reason to
     * @param expected how those of them begin that one does give reason to
     */
    ServerTalk(Set<String> alarming, Set<String> expected) {
        this.alarming = Set.copyOf(alarming);
        this.expected = Set.copyOf(expected);
    }

    /** Everything that one server has printed. */
    void listen(byte[] output) {
        for (String line : Octets.text(output).split("\n", -1)) {
            if (alarming.stream().anyMatch(line::startsWith)
                    && expected.stream().noneMatch(line::startsWith)) {
                lines.merge(line.replaceAll("[0-9]+", "N"), 1, Integer::sum);
            }
        }
    }

    /** Nothing of this kind may be said: no kill gives reason to it. */
    List<String> alarming() {
        List<String> all = new ArrayList<>();
        lines.forEach((line, count) -> all.add("the server said " + count + " times: " + line));
        return all;
    }
}
