package org.tawnymail.assembly.check;

/**
 * One mistake.
 *
 * @param file the file or directory, whole
 * @param what what is wrong with it, as the end of a sentence that begins with the file
 * @param mend what to do
 */
record Finding(Weight weight, String file, String what, String mend) {

    /** How much a mistake matters. */
    enum Weight {
        /** A server does not start with it. */
        STOPS_SERVE,
        /** Mail bounces, waits or goes astray. */
        ERROR,
        /** It may be meant; usually it is not. */
        WARNING
    }

    /** The line for a person. */
    String line() {
        return (weight == Weight.WARNING ? "warning: " : "error: ") + sentence();
    }

    /** File, mistake and mend; unprintable bytes are question marks. */
    String sentence() {
        String text = file + " " + what + "; " + mend;
        StringBuilder printable = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            printable.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return printable.toString();
    }
}
