package org.tawnymail.proof;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.tawnymail.base.control.Home;
import org.tawnymail.proof.disk.DiskState;
import org.tawnymail.proof.disk.Faults;
import org.tawnymail.proof.disk.RecordingDisk;
import org.tawnymail.queue.messages.JournalQueue;

/**
 * Cuts the power after every change of a recording in turn. Each time the queue is started on what the disk may still
 * hold, and must start; no message may be torn; and every recipient of every message that was accepted by then must be
 * waiting in the queue, or have the message whole in a mailbox or at another host, or be named in a bounce.
 *
 * <p>After some of the cuts, chosen by the seed, mail goes on to the end, and the power is cut after every change of that as
 * well.
 */
final class PowerCut {

    /** One cut in so many goes on to the end. */
    private static final int GO_ON = 97;

    private static final int DEEPEST = 2;

    private final Home controls;
    private final long seed;
    private final RandomGenerator random;
    private final List<String> violations = new ArrayList<>();
    private long cuts;

    PowerCut(Home controls, long seed) {
        this.controls = controls;
        this.seed = seed;
        this.random = new SplittableRandom(~seed);
    }

    long cuts() {
        return cuts;
    }

    List<String> violations() {
        return violations;
    }

    /** Cuts everywhere in the recording of a whole scenario, on a disk that was empty at first. */
    void everywhere(Recording recording) throws IOException {
        everywhere(new DiskState(), recording, new History(() -> 0), 1);
    }

    private void everywhere(DiskState first, Recording recording, History before, int depth) throws IOException {
        DiskState disk = first;
        for (int change = 0; change <= recording.changes().size(); change++) {
            if (change > 0) {
                disk.apply(recording.changes().get(change - 1));
            }
            cuts++;
            DiskState left = disk.afterPowerLoss(random);
            History then = together(before, recording.history(), change);
            boolean whole = check(
                    left,
                    then,
                    "after change " + change + " of " + recording.changes().size());
            if (whole && depth < DEEPEST && random.nextInt(GO_ON) == 0) {
                DiskState copy = left.afterPowerLoss(random);
                Recording rest = Scenario.goOn(controls, left, recording.history(), random.nextLong());
                check(left, together(then, rest.history(), Integer.MAX_VALUE), "after the end of what went on then");
                everywhere(copy, rest, then, depth + 1);
            }
        }
    }

    /** What was promised before, and up to this change. */
    private static History together(History before, History now, int change) {
        History both = new History(() -> 0);
        now.offered().forEach(both::offer);
        before.accepted().forEach(promise -> both.accept(promise.letter()));
        before.handedOver().forEach(taken -> both.handOver(taken.letter(), taken.recipient()));
        now.accepted().stream()
                .filter(promise -> promise.change() <= change)
                .forEach(promise -> both.accept(promise.letter()));
        now.handedOver().stream()
                .filter(taken -> taken.change() <= change)
                .forEach(taken -> both.handOver(taken.letter(), taken.recipient()));
        return both;
    }

    private boolean check(DiskState left, History history, String when) {
        int before = violations.size();
        Evidence evidence = new Evidence(history.offered());
        history.handedOver().forEach(taken -> evidence.handedOver(taken.letter(), taken.recipient()));
        evidence.lookInto(left);
        // The start itself changes the disk: it works on a copy, which is the same after another loss of power.
        RecordingDisk disk = new RecordingDisk(left.afterPowerLoss(random), Faults.NONE);
        List<String> said = new ArrayList<>();
        try (JournalQueue queue = Mailer.openQueue(disk, InstantSource.system(), random, said::add)) {
            evidence.lookInto(queue);
        } catch (IOException | RuntimeException stopped) {
            violation(when + ": the queue does not start: " + stopped);
        }
        judge(evidence, history, when);
        return violations.size() == before;
    }

    private void judge(Evidence evidence, History history, String when) {
        evidence.torn().forEach(where -> violation(when + ": " + where));
        for (History.Accepted promise : history.accepted()) {
            Letter letter = promise.letter();
            for (String recipient : letter.recipients()) {
                if (!evidence.knows(letter.number(), recipient)) {
                    violation(when + ": letter " + letter.number() + " for " + recipient + " is lost");
                }
            }
        }
    }

    private void violation(String what) {
        violations.add("seed " + seed + " " + what);
    }
}
