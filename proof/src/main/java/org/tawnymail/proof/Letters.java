package org.tawnymail.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The letters of a scenario, as a seed has it: short and long ones, to few and to many, of whom some make trouble. */
final class Letters {

    private static final List<String> LOCAL = List.of("ann", "bob", "eve", "mbox", "mbox2", "nobody", "late", "slow");
    private static final List<String> REMOTE = List.of("far", "busy", "gone");
    private static final List<String> SENDERS =
            List.of("ann@here", "mbox@here", "nobody@here", "far@there", "", "list-@here-@[]");

    /** One in so many is a list whose recipients fill a file of their own. */
    private static final int LONG_LIST_ONE_IN = 250;

    private static final int LONG_LIST = 70;
    private static final int LONG_NAME = 950;

    private final RandomGenerator random;
    private int next;

    /** @param first the number of the first */
    Letters(RandomGenerator random, int first) {
        this.random = random;
        this.next = first;
    }

    Letter next() {
        boolean isLongList = random.nextInt(LONG_LIST_ONE_IN) == 0;
        int count = isLongList ? LONG_LIST : random.nextInt(8) == 0 ? 12 : random.nextInt(1, 4);
        List<String> recipients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            recipients.add(isLongList ? longName(i) : name(i));
        }
        int filler = random.nextInt(6) == 0 ? Mailer.LARGEST_INLINE + random.nextInt(3000) : random.nextInt(1200);
        return Letter.of(next++, SENDERS.get(random.nextInt(SENDERS.size())), recipients, filler);
    }

    private String name(int index) {
        int dice = random.nextInt(100);
        if (dice < 2) {
            return "never-" + index + "@here";
        }
        return dice < 75 ? one(LOCAL) + "-" + index + "@here" : one(REMOTE) + "-" + index + "@there";
    }

    /** Most of a long list is taken by the other host at once, so that it costs no more than its size. */
    private String longName(int index) {
        String name = random.nextInt(12) == 0 ? one(LOCAL) : "far";
        return name + "-" + "x".repeat(LONG_NAME) + "-" + index + (name.equals("far") ? "@there" : "@here");
    }

    private String one(List<String> several) {
        return several.get(random.nextInt(several.size()));
    }
}
