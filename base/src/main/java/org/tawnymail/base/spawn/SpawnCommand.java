package org.tawnymail.base.spawn;

import java.io.ByteArrayOutputStream;
import org.tawnymail.base.Octets;

/**
 * What qmail-send writes to a spawner: make one delivery (core spec, section 4.8).
 *
 * <pre>
 *   0      1
 *   | slot | message NUL | sender NUL | recipient NUL |
 * </pre>
 *
 * @param slot the number by which the report will be known, 0 to 255; not used by any other delivery under way
 * @param message the file of the message below {@code queue/mess}, such as {@code 3/2172698}
 * @param sender the envelope sender, VERP already expanded
 * @param recipient the address after routing
 */
public record SpawnCommand(int slot, String message, String sender, String recipient) {

    /** The command as it is written; none of the texts may hold a NUL. */
    public byte[] octets() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.write(slot);
        for (String text : new String[] {message, sender, recipient}) {
            if (text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a NUL in a delivery command");
            }
            octets.writeBytes(Octets.of(text));
            octets.write(0);
        }
        return octets.toByteArray();
    }
}
