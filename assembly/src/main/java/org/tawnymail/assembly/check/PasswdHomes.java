package org.tawnymail.assembly.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.FileStatus;

/**
 * The homes of the accounts that get mail by their names: those that belong to their users (core spec, section 5.4), as far
 * as they are in the passwd file. A directory service is not asked for all its people.
 */
final class PasswdHomes {

    private static final int UID = 2;
    private static final int HOME = 5;

    private final Path passwd;

    PasswdHomes(Path passwd) {
        this.passwd = passwd;
    }

    /** At most one more than a limit. A system without a passwd file has none. */
    List<Path> homes(int limit) throws IOException {
        List<Path> homes = new ArrayList<>();
        if (!Files.isReadable(passwd)) {
            return homes;
        }
        try (BufferedReader lines = Files.newBufferedReader(passwd, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null && homes.size() <= limit; line = lines.readLine()) {
                String[] field = line.split(":", -1);
                if (field.length > HOME && !field[UID].equals("0") && ownsHome(field[UID], field[HOME])) {
                    homes.add(Octets.path(field[HOME]));
                }
            }
        }
        return homes;
    }

    private static boolean ownsHome(String uid, String home) {
        try {
            return home.startsWith("/")
                    && Integer.toUnsignedString(FileStatus.of(Octets.path(home)).uid())
                            .equals(uid);
        } catch (IOException | InvalidPathException gone) {
            // Then it gets no mail.
            return false;
        }
    }
}
