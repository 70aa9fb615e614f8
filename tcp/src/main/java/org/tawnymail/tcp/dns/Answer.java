package org.tawnymail.tcp.dns;

import java.util.List;

/**
 * What the domain name system answered to one question.
 *
 * @param <T> what a record of the kind asked for holds
 */
public sealed interface Answer<T> {

    /** The records found, in the order of the answer; none for the three other answers. */
    default List<T> records() {
        return List.of();
    }

    /** There are such records. The list is never empty. */
    record Found<T>(List<T> records) implements Answer<T> {
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("found nothing");
            }
        }
    }

    /** The name does not exist, or cannot exist: a hard failure. */
    record NoSuchName<T>() implements Answer<T> {}

    /** The name exists and has no record of this kind. */
    record NoData<T>() implements Answer<T> {}

    /**
     * No server gave a usable answer: a soft failure, another time may be luckier.
     *
     * @param reason the system's error as the companions spec, section 0.3 words it, such as {@code timed out}
     */
    record Temporary<T>(String reason) implements Answer<T> {}
}
