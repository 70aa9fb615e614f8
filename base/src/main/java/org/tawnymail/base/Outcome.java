package org.tawnymail.base;

/**
 * What became of one delivery attempt: delivered, deferred or failed, and never anything in between.
 *
 * <p>Exit codes (0, 111, 100), SMTP replies (2xx, 4xx, 5xx) and the letters of the spawn protocol (K, Z, D) are
 * spellings of these three at the borders (core spec, sections 0 and 4.8).
 *
 * <p>The text is what a person reads in the log or in a bounce message; it is ISO-8859-1, may hold several lines, and
 * holds no NUL. A line end at its end is part of it.
 */
public sealed interface Outcome {

    /** The report, reason or error text; may be empty. */
    String text();

    /** The recipient has the message. */
    record Delivered(String text) implements Outcome {}

    /** Not now: the same attempt is worth making later. */
    record Deferred(String text) implements Outcome {}

    /** Never: the sender is to be told. */
    record Failed(String text) implements Outcome {}
}
