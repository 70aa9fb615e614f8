package org.tawnymail.send.schedule;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers who was prompt and who was slow, by the key of {@link FairShares}. Of the {@value #MOST} that were met last; one
 * that is forgotten is unknown again, which costs it a little of its share and no mail.
 */
final class Speeds {

    /**
     * A delivery that takes so many seconds holds its slot for too long. Most end within one or two; greylisting and pauses
     * before a greeting take less than this, timeouts at least six times as much.
     */
    static final long SLOW_SECONDS = 10;

    static final int MOST = 10_000;

    private final Map<String, Speed> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Speed> eldest) {
            return size() > MOST;
        }
    };

    Speed of(String key) {
        return known.getOrDefault(key, Speed.UNKNOWN);
    }

    void note(String key, Speed speed) {
        known.put(key, speed);
    }
}
