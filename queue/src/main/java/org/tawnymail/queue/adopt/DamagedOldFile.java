package org.tawnymail.queue.adopt;

/** A file of an old queue is damaged or contradicts another; nothing of its message is touched. */
final class DamagedOldFile extends Exception {

    private final String label;
    private final String why;

    DamagedOldFile(String label, String why) {
        super(label + ": " + why);
        this.label = label;
        this.why = why;
    }

    String label() {
        return label;
    }

    String why() {
        return why;
    }
}
