package org.tawnymail.send.schedule;

/** How long the deliveries took lately that may wait for the same thing: see {@link FairShares}. */
enum Speed {

    /** The last one ended within {@link Speeds#SLOW_SECONDS}. */
    PROMPT,

    /** None has ended that is remembered. */
    UNKNOWN,

    /** The last one took longer, or one is under way that does. */
    SLOW
}
