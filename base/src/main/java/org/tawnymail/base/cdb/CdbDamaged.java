package org.tawnymail.base.cdb;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is no constant database, or no longer a whole one. Making it anew is the mend. */
public final class CdbDamaged extends IOException {

    CdbDamaged(Path file, String what) {
        super(file + ": damaged database: " + what);
    }
}
