package org.tawnymail.assembly.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.tawnymail.base.cdb.Cdb;
import org.tawnymail.base.cdb.CdbDamaged;
import org.tawnymail.base.posix.Errno;

/** Looks at constant databases and the texts that they are made from. */
final class Databases {

    /** Goes through the whole of a database, which finds any damage of its structure. None is a setting too. */
    static void check(Path database, String mend, Findings findings) {
        try {
            Cdb.open(database).forEach((key, data) -> {});
        } catch (NoSuchFileException absent) {
            // None is a setting too.
        } catch (CdbDamaged damaged) {
            findings.stopping(database, "is a damaged database", mend);
        } catch (IOException unreadable) {
            findings.stopping(database, "cannot be read: " + Errno.text(unreadable), mend);
        }
    }

    /** The text that a database is made from must not be newer: somebody has edited it and stopped there. */
    static void checkAge(Path text, Path database, String mend, Findings findings) {
        try {
            if (!Files.exists(text)) {
                return;
            }
            if (!Files.exists(database)) {
                findings.error(text, "has no effect: " + database.getFileName() + " does not exist", mend);
            } else if (Files.getLastModifiedTime(text).compareTo(Files.getLastModifiedTime(database)) > 0) {
                findings.error(text, "is newer than " + database.getFileName() + ": its changes have no effect", mend);
            }
        } catch (IOException unreadable) {
            findings.error(text, "cannot be looked at: " + Errno.text(unreadable), "make it readable");
        }
    }

    private Databases() {}
}
