package org.tawnymail.assembly.install;

import java.nio.file.Path;

/**
 * One thing of a home: what it is, whose it is, and its mode.
 *
 * @param mode permissions; -1 where they are the site's own affair (and so is the owner)
 */
record Place(Path path, Kind kind, String user, String group, int mode) {

    enum Kind {
        DIRECTORY,
        FILE,
        /** A name in {@code bin} that leads to the launcher. */
        LINK
    }

    /** Whether owner and mode are checked and set. */
    boolean isOurs() {
        return mode >= 0;
    }
}
