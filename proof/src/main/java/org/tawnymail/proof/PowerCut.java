package org.tawnymail.proof;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.tawnymail.base.control.Home;
import org.tawnymail.proof.disk.DiskChange;
import org.tawnymail.proof.disk.DiskState;

/**
 * Cuts the power after every change of a recording in turn, and looks at each of the disks that are left ({@link Check}).
 *
 * <p>Some of the cuts, chosen by the seed, are the first of two. Either the start that comes after is cut after every change
 * of its own; or mail goes on to its end, with some new mail, and the power is cut after every change of that.
 *
 * <p>What a cut leaves depends on the recording, the seed and the number of the change alone.
 */
final class PowerCut {

    /** After one first cut in so many the start is cut as well. */
    private static final int START_CUT_ONE_IN = 20;

    /** After one in so many mail goes on to its end. */
    private static final int GOES_ON_ONE_IN = 160;

    /** Second cuts are followed by a third so much more rarely. */
    private static final int THIRD_ONE_IN = 8;

    /** So many cuts come one after the other before the last, at most, where nothing else is asked for. */
    static final int MOST_CUTS_BEFORE = 2;

    private final Home controls;
    private final Mistake mistake;
    private final long seed;
    private final int deepest;
    private final List<Violation> violations = new ArrayList<>();
    private long cuts;
    private long furtherCuts;

    /** @param deepest how many cuts may come one after the other before the last */
    PowerCut(Home controls, Mistake mistake, long seed, int deepest) {
        this.controls = controls;
        this.mistake = mistake;
        this.seed = seed;
        this.deepest = deepest;
    }

    /** How often the power was cut. */
    long cuts() {
        return cuts;
    }

    /** How many of them came after another cut. */
    long furtherCuts() {
        return furtherCuts;
    }

    List<Violation> violations() {
        return violations;
    }

    /** What led to where the power is cut next. */
    private record Past(List<Recording> recordings, List<Integer> cuts, Promises promises, long seed) {

        Past with(Recording recording) {
            List<Recording> all = new ArrayList<>(recordings);
            all.add(recording);
            return new Past(all, cuts, promises, seed);
        }

        Past cut(int change, Promises now, long next) {
            List<Integer> all = new ArrayList<>(cuts);
            all.add(change);
            return new Past(recordings, all, now, next);
        }

        Recording last() {
            return recordings.getLast();
        }

        boolean hasFailures() {
            return recordings.stream().anyMatch(recording -> !recording.hits().isEmpty());
        }
    }

    /** Cuts everywhere in the recording of a whole scenario, on a disk that was empty at first, until a promise is broken. */
    void everywhere(Recording recording) throws IOException {
        Past past = new Past(List.of(), List.of(), Promises.none(), seed);
        everywhere(Scenario.emptyDisk(), past.with(recording), new Mailboxes(recording.letters()));
    }

    /** Makes the same cuts again that led to a violation, and cuts everywhere in its last recording. */
    void again(List<Recording> recordings, List<Integer> before) throws IOException {
        DiskState disk = Scenario.emptyDisk();
        Past past = new Past(List.of(), List.of(), Promises.none(), seed);
        for (int i = 0; i < before.size(); i++) {
            past = past.with(recordings.get(i));
            for (DiskChange change : past.last().changes().subList(0, before.get(i))) {
                disk.apply(change);
            }
            SplittableRandom random = randomAt(past.seed, before.get(i));
            disk = disk.afterPowerLoss(random);
            Promises then = past.promises.with(past.last(), before.get(i)).interrupted();
            past = past.cut(before.get(i), then, random.nextLong());
        }
        everywhere(
                disk,
                past.with(recordings.getLast()),
                new Mailboxes(recordings.getLast().letters()));
    }

    private void everywhere(DiskState first, Past past, Mailboxes mailboxes) throws IOException {
        DiskState disk = first;
        int changes = past.last().changes().size();
        for (int change = 0; change <= changes && violations.isEmpty(); change++) {
            if (change > 0) {
                disk.apply(past.last().changes().get(change - 1));
            }
            if (change >= past.last().prepared()) {
                cut(disk, past, change, mailboxes);
            }
        }
        if (violations.isEmpty()) {
            atTheEnd(disk, past, mailboxes);
        }
    }

    /** Where nothing was cut, everything must be as promised too, and everything must have come to its end. */
    private void atTheEnd(DiskState disk, Past past, Mailboxes mailboxes) {
        Recording all = past.last();
        Promises then = past.promises.with(all, Integer.MAX_VALUE);
        Check check = new Check(mailboxes, new SplittableRandom(past.seed), past.hasFailures());
        note(past, all.changes().size(), check.of(disk.copy(), then).violations());
        if (all.unfinished() > 0) {
            note(past, all.changes().size(), List.of(all.unfinished() + " messages do not come to their end"));
        } else if (all.unfinished() == 0 && !past.hasFailures()) {
            note(past, all.changes().size(), Check.leftBehind(disk));
        }
    }

    private void cut(DiskState disk, Past past, int change, Mailboxes mailboxes) throws IOException {
        SplittableRandom random = randomAt(past.seed, change);
        DiskState left = disk.afterPowerLoss(random);
        Promises then = past.promises.with(past.last(), change).interrupted();
        long next = random.nextLong();
        boolean isStartCut = isOneIn(START_CUT_ONE_IN, past, random);
        boolean goesOn = isOneIn(GOES_ON_ONE_IN, past, random);
        Check.Result result = new Check(mailboxes, random, past.hasFailures()).of(left, then);
        cuts++;
        furtherCuts += past.cuts.isEmpty() ? 0 : 1;
        note(past, change, result.violations());
        Past now = past.cut(change, then, next);
        if (!result.violations().isEmpty() || past.cuts.size() >= deepest) {
            return;
        }
        if (isStartCut) {
            everywhere(left.copy(), now.with(result.start()), mailboxes);
        }
        if (goesOn) {
            Recording rest = Scenario.goOn(controls, mistake, left.copy(), then.letters(), next);
            everywhere(left, now.with(rest), new Mailboxes(rest.letters()));
        }
    }

    private static boolean isOneIn(int many, Past past, SplittableRandom random) {
        return random.nextInt(past.cuts.isEmpty() ? many : many * THIRD_ONE_IN) == 0;
    }

    private static SplittableRandom randomAt(long seed, int change) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + change);
    }

    private void note(Past past, int change, List<String> found) {
        for (String what : found) {
            violations.add(new Violation(seed, past.recordings, past.cut(change, past.promises, 0).cuts, what));
        }
    }
}
