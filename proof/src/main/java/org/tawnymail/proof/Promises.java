package org.tawnymail.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What holds at one moment: which letters were accepted, what other hosts have, how often mail was interrupted.
 *
 * <p>Each interruption may cause a further copy of a letter that was just being delivered, and another one of a letter that
 * was just being taken in from the drop directory; it may leave one torn piece in each mbox. No more.
 */
final class Promises {

    private final List<Letter> letters;
    private final Set<Integer> accepted = new HashSet<>();
    private final List<History.HandedOver> handedOver = new ArrayList<>();
    private final Map<Long, Integer> numbers = new HashMap<>();
    private final List<String> broken = new ArrayList<>();
    private int interruptions;
    private int repeats;
    private int pieces;

    private Promises(List<Letter> letters) {
        this.letters = letters;
    }

    /** None yet. */
    static Promises none() {
        return new Promises(List.of());
    }

    private Promises copy(List<Letter> more) {
        Promises copy = new Promises(more);
        copy.accepted.addAll(accepted);
        copy.handedOver.addAll(handedOver);
        copy.numbers.putAll(numbers);
        copy.broken.addAll(broken);
        copy.interruptions = interruptions;
        copy.repeats = repeats;
        copy.pieces = pieces;
        return copy;
    }

    /** Those before, and those of a recording up to a change. */
    Promises with(Recording recording, int change) {
        Promises all = copy(recording.letters());
        all.repeats += recording.repeats();
        all.pieces += recording.pieces();
        for (History.Event event : recording.events()) {
            if (event.change() <= change) {
                all.note(event);
            }
        }
        return all;
    }

    private void note(History.Event event) {
        switch (event) {
            case History.Accepted(int change, int letter, long qp) -> {
                accepted.add(letter);
                if (qp != 0 && numbers.put(qp, letter) != null) {
                    broken.add("number " + qp + " was given to two messages");
                }
            }
            case History.HandedOver taken -> handedOver.add(taken);
            case History.Killed killed -> interruptions++;
        }
    }

    /** The same after one more loss of power. */
    Promises interrupted() {
        Promises after = copy(letters);
        after.interruptions++;
        return after;
    }

    List<Letter> letters() {
        return letters;
    }

    boolean isAccepted(Letter letter) {
        return accepted.contains(letter.number());
    }

    List<History.HandedOver> handedOver() {
        return handedOver;
    }

    /** What contradicts itself in them. */
    List<String> broken() {
        return broken;
    }

    /** How many copies of a letter a recipient may have at most. */
    int mostCopies() {
        return 1 + 2 * interruptions + repeats;
    }

    /** How many torn pieces an mbox may have at most. */
    int mostTornPieces() {
        return interruptions + pieces;
    }
}
