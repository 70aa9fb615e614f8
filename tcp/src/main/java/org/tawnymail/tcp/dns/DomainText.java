package org.tawnymail.tcp.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.xbill.DNS.Name;
import org.xbill.DNS.ReverseMap;

/** Domain names between their text in mail and their form on the wire (RFC 1035, section 3.1). */
final class DomainText {

    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 255;

    /** The name that a text stands for, or nothing if there can be no such name. */
    static Optional<Name> name(String text) {
        byte[] octets = Octets.of(text.endsWith(".") ? text.substring(0, text.length() - 1) : text);
        byte[] wire = new byte[octets.length + 2];
        if (octets.length == 0 || wire.length > LONGEST_NAME) {
            return Optional.empty();
        }
        int lengthAt = 0;
        for (int i = 0; i <= octets.length; i++) {
            if (i < octets.length && octets[i] != '.') {
                wire[i + 1] = octets[i];
                continue;
            }
            int length = i - lengthAt;
            if (length == 0 || length > LONGEST_LABEL) {
                return Optional.empty();
            }
            wire[lengthAt] = (byte) length;
            lengthAt = i + 1;
        }
        try {
            return Optional.of(new Name(wire));
        } catch (IOException notAName) {
            return Optional.empty();
        }
    }

    /** The name under which the names of an address stand. */
    static Name reverse(InetAddress address) {
        return ReverseMap.fromAddress(address);
    }

    /** Lower-case labels with dots between them; octets that no host name has as {@code \ooo}. */
    static String text(Name name) {
        byte[] wire = name.toWire();
        StringBuilder text = new StringBuilder(wire.length);
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            if (at > 0) {
                text.append('.');
            }
            for (int i = at + 1; i <= at + wire[at]; i++) {
                octet(text, wire[i] & 0xff);
            }
        }
        return text.toString();
    }

    private static void octet(StringBuilder text, int octet) {
        if (octet >= 'A' && octet <= 'Z') {
            text.append((char) (octet - 'A' + 'a'));
        } else if ((octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9') || octet == '-' || octet == '_') {
            text.append((char) octet);
        } else {
            text.append('\\');
            for (int shift = 6; shift >= 0; shift -= 3) {
                text.append((char) ('0' + (octet >> shift & 7)));
            }
        }
    }

    private DomainText() {}
}
