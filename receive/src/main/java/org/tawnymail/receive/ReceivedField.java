package org.tawnymail.receive;

import java.time.Instant;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.time.Date822;

/**
 * The {@code Received} field that a network server puts on top of a message (core spec, section 8.8):
 *
 * <pre>
 *   Received: from RHOST[ (HELO H)] ([INFO@]RIP)
 *     by LOCAL with PROTO; DATE822
 * </pre>
 *
 * @param remoteHost the peer's name, or {@code unknown}
 * @param remoteInfo what its IDENT server said
 * @param remoteIp its address, or {@code unknown}
 * @param localHost the name by which it reached us, or {@code unknown}
 */
record ReceivedField(String remoteHost, Optional<String> remoteInfo, String remoteIp, String localHost) {

    private static final String UNKNOWN = "unknown";
    private static final String SAFE_SIGNS = ".@%+/=:-[]";

    static ReceivedField of(Environment environment) {
        return new ReceivedField(
                environment.get("TCPREMOTEHOST").orElse(UNKNOWN),
                environment.get("TCPREMOTEINFO"),
                environment.get("TCPREMOTEIP").orElse(UNKNOWN),
                environment.firstOf("TCPLOCALHOST", "TCPLOCALIP").orElse(UNKNOWN));
    }

    /**
     * The field as the message gets it, with its line ends.
     *
     * @param protocol such as {@code SMTP}
     * @param helo how the peer introduced itself; is named only if that is not its name
     */
    byte[] octets(String protocol, Optional<String> helo, Instant when) {
        StringBuilder field = new StringBuilder(192).append("Received: from ");
        safe(field, remoteHost);
        if (helo.isPresent() && !Octets.equalIgnoringCase(helo.get(), remoteHost)) {
            safe(field.append(" (HELO "), helo.get());
            field.append(')');
        }
        field.append(" (");
        if (remoteInfo.isPresent()) {
            safe(field, remoteInfo.get());
            field.append('@');
        }
        safe(field, remoteIp);
        safe(field.append(")\n  by "), localHost);
        field.append(" with ")
                .append(protocol)
                .append("; ")
                .append(Date822.of(when))
                .append('\n');
        return Octets.of(field.toString());
    }

    private static void safe(StringBuilder field, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            field.append(isSafe(c) ? c : '?');
        }
    }

    private static boolean isSafe(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || SAFE_SIGNS.indexOf(c) >= 0;
    }
}
