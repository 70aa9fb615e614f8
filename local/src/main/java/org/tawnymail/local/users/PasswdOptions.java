package org.tawnymail.local.users;

/**
 * How {@code qmail-pw2u} treats accounts (core spec, section 5.7).
 *
 * @param homes what is asked of home directories
 * @param capitals whether names with A to Z are taken
 * @param delimiter what parts a name from its extension, as text of one character; empty for none
 * @param dash what stands between {@code .qmail} and an extension
 */
record PasswdOptions(Homes homes, boolean capitals, String delimiter, String dash) {

    /** What is asked of home directories. */
    enum Homes {
        /** Skip users whose home does not exist or is not theirs. */
        OWNED,
        /** A home that does not exist is fatal; skip users whose home is not theirs. */
        ALL_THERE,
        /** Nothing. */
        UNSEEN
    }

    static final PasswdOptions DEFAULT = new PasswdOptions(Homes.OWNED, false, "-", "-");

    /** The options after one more letter. */
    PasswdOptions with(char letter, String value) {
        return switch (letter) {
            case 'o' -> new PasswdOptions(Homes.OWNED, capitals, delimiter, dash);
            case 'h' -> new PasswdOptions(Homes.ALL_THERE, capitals, delimiter, dash);
            case 'H' -> new PasswdOptions(Homes.UNSEEN, capitals, delimiter, dash);
            case 'u' -> new PasswdOptions(homes, true, delimiter, dash);
            case 'U' -> new PasswdOptions(homes, false, delimiter, dash);
            case 'c' -> new PasswdOptions(homes, capitals, value.isEmpty() ? "" : value.substring(0, 1), dash);
            case 'C' -> new PasswdOptions(homes, capitals, "", dash);
            case '/' -> new PasswdOptions(homes, capitals, delimiter, "-/");
            default -> throw new IllegalArgumentException("no option: " + letter);
        };
    }
}
