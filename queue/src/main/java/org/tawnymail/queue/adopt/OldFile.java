package org.tawnymail.queue.adopt;

import java.nio.file.Path;
import org.tawnymail.queue.disk.FileFacts;

/**
 * A file of an old queue.
 *
 * @param label its name in messages to a person
 */
record OldFile(Path path, String label, FileFacts facts) {

    /** @throws DamagedOldFile unless it is a plain file with something in it */
    OldFile thatHoldsSomething() throws DamagedOldFile {
        if (!facts.isFile()) {
            throw new DamagedOldFile(label, "it is not a plain file");
        }
        if (facts.size() == 0) {
            throw new DamagedOldFile(label, "it is empty");
        }
        return this;
    }
}
