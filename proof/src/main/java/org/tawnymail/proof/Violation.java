package org.tawnymail.proof;

import java.util.List;

/**
 * A promise that was broken, and how it came to that: recordings one after the other, each begun on what the cut in the one
 * before it had left.
 *
 * @param seed of the scenario
 * @param recordings the last one is where it shows
 * @param cuts where each of them was cut
 * @param what was found
 */
record Violation(long seed, List<Recording> recordings, List<Integer> cuts, String what) {

    /** One line. */
    String line() {
        StringBuilder line = new StringBuilder("seed ").append(seed);
        for (int i = 0; i < cuts.size(); i++) {
            line.append(i == 0 ? " cut " : " then cut ").append(cuts.get(i)).append(" of ");
            line.append(recordings.get(i).changes().size());
        }
        return line.append(": ").append(what).toString();
    }
}
