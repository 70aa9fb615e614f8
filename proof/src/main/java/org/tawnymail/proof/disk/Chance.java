package org.tawnymail.proof.disk;

import java.util.random.RandomGenerator;

/**
 * Which of some changes that no force has covered a loss of power leaves: none, all, the first ones, or each by chance. The
 * first three are what happens in most cases; the last is what may happen.
 */
final class Chance {

    private final RandomGenerator random;
    private final double kept;
    private int first;

    /** @param changes how many of them there are */
    Chance(RandomGenerator random, int changes) {
        this.random = random;
        switch (random.nextInt(5)) {
            case 0 -> {
                first = 0;
                kept = 0;
            }
            case 1 -> {
                first = changes;
                kept = 0;
            }
            case 2 -> {
                first = random.nextInt(changes + 1);
                kept = 0;
            }
            default -> {
                first = 0;
                kept = random.nextDouble();
            }
        }
    }

    /** Whether the next change, in order, is kept. */
    boolean keeps() {
        return first-- > 0 || (kept > 0 && random.nextDouble() < kept);
    }
}
