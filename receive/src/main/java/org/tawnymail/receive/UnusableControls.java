package org.tawnymail.receive;

/** A session cannot be held on these settings: one that is needed is missing, or cannot be read. */
final class UnusableControls extends Exception {

    UnusableControls(String why) {
        super(why);
    }

    /** What is wrong, in words. */
    String why() {
        return String.valueOf(getMessage());
    }
}
