package org.tawnymail.remote.host;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.ControlMap;

/**
 * The control file {@code smtproutes} (core spec, section 7.3): lines {@code host:relay}, {@code host:relay:port} and, for an
 * IPv6 relay, {@code host:[address]:port}.
 *
 * <p>The host itself counts before its suffixes that begin with a dot, the longest first, and those before the empty key. An
 * empty relay means: no route, ask the DNS.
 */
public final class Routes {

    /** The port of SMTP (RFC 5321, section 4.5.4.2). */
    public static final int SMTP_PORT = 25;

    private static final ControlFile FILE = ControlFile.SMTPROUTES;
    private static final int LARGEST_PORT = 65535;

    private final ControlMap lines;

    private Routes(ControlMap lines) {
        this.lines = lines;
    }

    /** Reads the control file; none means no routes. */
    public static Routes read(ControlFiles controls) throws IOException {
        return new Routes(controls.map(FILE));
    }

    /**
     * The route for a host, if there is one.
     *
     * @throws IOException if the line for it names no relay or no port that can be: mail waits until it is mended
     */
    public Optional<Route> forHost(String host) throws IOException {
        Optional<String> value = lines.forDomain(host).or(() -> lines.get(""));
        return value.isEmpty() || value.get().isEmpty() ? Optional.empty() : Optional.of(parse(value.get()));
    }

    private static Route parse(String value) throws IOException {
        int bracket = value.startsWith("[") ? value.indexOf(']') : -1;
        int colon = value.indexOf(':', bracket + 1);
        String relay = colon < 0 ? value : value.substring(0, colon);
        OptionalLong port = colon < 0 ? OptionalLong.empty() : ControlFiles.leadingDigits(value.substring(colon + 1));
        long number = port.orElse(SMTP_PORT);
        if (relay.isEmpty() || number < 1 || number > LARGEST_PORT) {
            throw new IOException("control/" + FILE.fileName() + ": no relay and port: " + value);
        }
        return new Route(relay, (int) number);
    }
}
