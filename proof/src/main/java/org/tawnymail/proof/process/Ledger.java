package org.tawnymail.proof.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was promised and what was found. A letter is offered before it is sent, promised when the mail system has
 * acknowledged it, and found for each recipient wherever that recipient would look. Safe for use by many threads.
 */
final class Ledger {

    /** A letter for one recipient. */
    private record Copy(String letter, String recipient) {}

    private final Map<String, List<String>> offered = new ConcurrentHashMap<>();
    private final Set<Copy> promised = ConcurrentHashMap.newKeySet();
    private final Map<Copy, AtomicInteger> found = new ConcurrentHashMap<>();
    private final AtomicInteger letters = new AtomicInteger();
    private final AtomicLong bounced = new AtomicLong();
    private final AtomicInteger pieces = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();

    /** A letter is about to be sent; whether it will be accepted is not known. */
    void offered(Letter letter) {
        if (offered.put(letter.name(), letter.recipients()) != null) {
            throw new IllegalStateException("two letters " + letter.name());
        }
    }

    /** The mail system has acknowledged it. */
    void promised(Letter letter) {
        letters.incrementAndGet();
        letter.recipients().forEach(recipient -> promised.add(new Copy(letter.name(), recipient)));
    }

    /** What became of an attempt to hand a letter over. */
    void answered(Letter letter, Answer answer) {
        switch (answer) {
            case Answer.Accepted accepted -> promised(letter);
            case Answer.Refused refused -> refusals.incrementAndGet();
            case Answer.Wrong wrong -> violation("letter " + letter.name() + ": " + wrong.what());
            case Answer.None none -> {
                // Nobody was promised anything.
            }
        }
    }

    /** A whole copy stands where its recipient finds it. */
    void found(String letter, String recipient, String place) {
        List<String> recipients = offered.get(letter);
        if (recipients == null || !recipients.contains(recipient)) {
            violation("letter " + letter + " was never sent to " + recipient + ", and is in " + place);
            return;
        }
        found.computeIfAbsent(new Copy(letter, recipient), copy -> new AtomicInteger())
                .incrementAndGet();
    }

    /** The sender has been told that a recipient does not get it, with a whole copy. */
    void bounced(String letter, String recipient, String place) {
        bounced.incrementAndGet();
        found(letter, recipient, place);
    }

    /** A piece of a letter where the format of the mailbox has no way around it. */
    void piece() {
        pieces.incrementAndGet();
    }

    void violation(String line) {
        violations.add(line);
    }

    /** How many letters were acknowledged. */
    int letters() {
        return letters.get();
    }

    /** For how many recipients. */
    int copies() {
        return promised.size();
    }

    /** How many of the acknowledged copies were found. */
    long delivered() {
        return promised.stream().filter(found::containsKey).count();
    }

    /** How many copies were found that nobody had been told of: accepted, and the acknowledgement was cut off. */
    long unpromised() {
        return found.keySet().stream().filter(copy -> !promised.contains(copy)).count();
    }

    /** How many were found more than once. */
    long moreThanOnce() {
        return found.values().stream().filter(count -> count.get() > 1).count();
    }

    long bounces() {
        return bounced.get();
    }

    int pieces() {
        return pieces.get();
    }

    /** How often mail was refused for the time being. */
    int refusals() {
        return refusals.get();
    }

    /** Acknowledged copies that were not found so far. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (Copy copy : promised) {
            if (!found.containsKey(copy)) {
                missing.add("letter " + copy.letter + " to " + copy.recipient + " was acknowledged and is nowhere");
            }
        }
        return missing;
    }

    /** Everything that must not be, at the end of a proof. */
    List<String> verdict() {
        List<String> all = new ArrayList<>(violations);
        all.addAll(missing());
        return all;
    }
}
