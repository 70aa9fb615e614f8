package org.tawnymail.pickup.login;

import java.io.IOException;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;

/**
 * What stands on descriptor 3 (companions spec, section 8.1):
 *
 * <pre>
 *   login NUL password NUL timestamp NUL
 * </pre>
 *
 * The timestamp, which only checks of digests need, may be missing and is not looked at.
 */
record Credentials(String login, String password) implements Reading {

    /** The most that descriptor 3 may hold. */
    static final int LIMIT = 512;

    /** Not accepted: unknown name, wrong password, too long. */
    static final int NOT_ACCEPTED = 1;

    /** Called the wrong way: no program to run, or fields that do not end. */
    static final int MISUSED = 2;

    private static final int DESCRIPTOR = 3;

    /** Reads descriptor 3 to its end. */
    static Reading read(Call call) throws IOException {
        byte[] octets = call.descriptors().in(DESCRIPTOR).readNBytes(LIMIT + 1);
        if (octets.length > LIMIT) {
            return new Reading.Refused(NOT_ACCEPTED);
        }
        String text = Octets.text(octets);
        int loginEnd = text.indexOf('\0');
        int passwordEnd = text.indexOf('\0', loginEnd + 1);
        if (loginEnd < 0 || passwordEnd < 0) {
            return new Reading.Refused(MISUSED);
        }
        return new Credentials(text.substring(0, loginEnd), text.substring(loginEnd + 1, passwordEnd));
    }

    /** Keeps the password out of whatever prints this. */
    @Override
    public String toString() {
        return "credentials of " + login;
    }
}
