package org.tawnymail.tcp.dns;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/**
 * Answers that are still good, by question: a busy server asks the same few questions all the time. Only what answers
 * the question itself is kept, so that nothing said by the way can be planted here.
 *
 * <p>At most {@value #MOST} answers; the one longest unused goes first. Safe for use by many threads.
 */
final class RememberedAnswers {

    /** How long an answer is kept at most, whatever it says: a mended zone is seen within the hour. */
    static final Duration LONGEST = Duration.ofHours(1);

    /** How long a "there is none" is kept at most. */
    static final Duration LONGEST_NEGATIVE = Duration.ofMinutes(5);

    private static final int MOST = 4096;

    /**
     * What one question got.
     *
     * @param records the records asked for
     * @param alias where to ask on, if there are none
     * @param nameExists whether there is the name at all
     * @param kept how long the answer is good
     */
    record Entry(List<Record> records, Optional<Name> alias, boolean nameExists, Duration kept) {}

    private record Question(Name name, int type) {}

    private record Kept(Entry entry, Instant until) {}

    private final InstantSource clock;
    private final Map<Question, Kept> answers = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Kept> eldest) {
            return size() > MOST;
        }
    };

    RememberedAnswers(InstantSource clock) {
        this.clock = clock;
    }

    synchronized Optional<Entry> get(Name name, int type) {
        Kept kept = answers.get(new Question(name, type));
        return kept != null && clock.instant().isBefore(kept.until) ? Optional.of(kept.entry) : Optional.empty();
    }

    synchronized void put(Name name, int type, Entry entry) {
        if (entry.kept().isPositive()) {
            answers.put(
                    new Question(name, type), new Kept(entry, clock.instant().plus(entry.kept())));
        }
    }

    /** How many seconds a "there is none" is good: what the zone says of it (RFC 2308, section 5); without a word, none. */
    static long negative(Message message, long limit) {
        for (Record record : message.getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord soa) {
                long said = Math.min(soa.getMinimum(), soa.getTTL());
                return Math.min(Math.min(said, limit), LONGEST_NEGATIVE.toSeconds());
            }
        }
        return 0;
    }
}
