package org.tawnymail.proof.process;

/** What became of an attempt to hand a letter over. */
sealed interface Answer {

    /** It is acknowledged. */
    record Accepted() implements Answer {}

    /** It is refused for the time being. */
    record Refused(String text) implements Answer {}

    /** There was no answer: the other side, or the program itself, was killed meanwhile. */
    record None() implements Answer {}

    /** An answer that must not be: a refusal for good, or one without a clear line. */
    record Wrong(String what) implements Answer {}

    Answer ACCEPTED = new Accepted();
    Answer NONE = new None();
}
