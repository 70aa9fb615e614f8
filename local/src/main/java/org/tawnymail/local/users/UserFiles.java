package org.tawnymail.local.users;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.ControlMap;
import org.tawnymail.base.program.Complaint;

/**
 * The files in users/ that say how accounts become assignments (core spec, section 5.7).
 *
 * @param include if there, the only users to take
 * @param exclude the users not to take
 * @param mailnames by user, the names to use in place of the user's own, parted by colons
 * @param subusers lines {@code sub:user:pre:}
 * @param append what is added as it is
 */
record UserFiles(
        Optional<ControlMap> include, ControlMap exclude, ControlMap mailnames, String subusers, String append) {

    /** As for users/assign, which these end up in. */
    private static final int LARGEST_FILE = 64 << 20;

    static UserFiles read(Path users) throws Complaint {
        ControlFiles files = new ControlFiles(users);
        try {
            return new UserFiles(
                    files.set("include"),
                    files.set("exclude").orElse(ControlMap.empty()),
                    files.map("mailnames").orElse(ControlMap.empty()),
                    text(users.resolve("subusers")),
                    text(users.resolve("append")));
        } catch (IOException unreadable) {
            throw QmailPw2u.fatal("unable to read controls");
        }
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] text = in.readNBytes(LARGEST_FILE + 1);
            if (text.length > LARGEST_FILE) {
                throw new IOException("file too big");
            }
            return Octets.text(text);
        } catch (NoSuchFileException none) {
            return "";
        }
    }
}
