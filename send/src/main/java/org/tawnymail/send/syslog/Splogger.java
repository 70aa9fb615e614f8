package org.tawnymail.send.syslog;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code splogger [ tag [ facility ] ]}: copies the lines of its input to syslog (core spec, section 11.7). Each becomes {@code
 * SECONDS.MICROSECONDS LINE}; what does not fit into {@value #LONGEST} octets follows as {@code SECONDS.MICROSECONDS+REST}. An
 * unterminated last line is lost, as are lines that syslog does not take.
 */
public final class Splogger implements Program {

    /** Where the system's log daemon listens. */
    public static final Path DEV_LOG = Path.of("/dev/log");

    private static final int LONGEST = 799;
    private static final int MAIL_FACILITY = 2;

    private final Path socket;
    private final InstantSource clock;
    private final ZoneId zone;

    /** @param socket a Unix datagram socket that takes the messages, usually {@link #DEV_LOG} */
    public Splogger(Path socket, InstantSource clock, ZoneId zone) {
        this.socket = socket;
        this.clock = clock;
        this.zone = zone;
    }

    @Override
    public int run(Call call) throws IOException {
        String tag = call.arguments().isEmpty() ? "splogger" : call.arguments().getFirst();
        long facility = call.arguments().size() > 1
                ? ControlFiles.leadingDigits(call.arguments().get(1)).orElse(0)
                : MAIL_FACILITY;
        try (SyslogSocket syslog =
                new SyslogSocket(socket, zone, tag, (int) (facility & SyslogSocket.MOST_FACILITIES))) {
            copy(new BufferedInputStream(call.stdin()), syslog);
        }
        return ExitCode.SUCCESS;
    }

    private void copy(InputStream in, SyslogSocket syslog) throws IOException {
        StringBuilder piece = new StringBuilder(LONGEST);
        Instant stamp = Instant.EPOCH;
        Severity severity = Severity.INFO;
        boolean continued = false;
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            boolean ends = octet == '\n';
            if ((ends && !piece.isEmpty()) || piece.length() == LONGEST) {
                if (!continued) {
                    stamp = clock.instant();
                    severity = Severity.of(piece);
                }
                syslog.send(severity, stamp, stamped(stamp, continued, piece));
                piece.setLength(0);
                continued = true;
            }
            if (ends) {
                continued = false;
            } else {
                piece.append(octet >= ' ' && octet <= '~' ? (char) octet : '?');
            }
        }
    }

    private static String stamped(Instant stamp, boolean continued, StringBuilder piece) {
        String micros = Integer.toString(1_000_000 + stamp.getNano() / 1_000);
        return stamp.getEpochSecond() + "." + micros.substring(1) + (continued ? "+" : " ") + piece;
    }
}
