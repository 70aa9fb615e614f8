package org.tawnymail.send.syslog;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.DatagramSender;

/**
 * The way to the system's log daemon: messages as the C library's {@code syslog} writes them (RFC 3164, section 4.1, without the
 * host name, which the daemon knows).
 *
 * <pre>
 *   &lt;PRIORITY&gt;Mmm dd hh:mm:ss tag: text          local time; the priority is facility * 8 + severity
 * </pre>
 *
 * <p>A daemon that is not there loses messages and nothing else; one that comes back is found again.
 */
final class SyslogSocket implements AutoCloseable {

    /** Facilities are five bits. */
    static final int MOST_FACILITIES = 31;

    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private final Path path;
    private final ZoneId zone;
    private final String tag;
    private final int facility;
    private Optional<DatagramSender> connection = Optional.empty();

    SyslogSocket(Path path, ZoneId zone, String tag, int facility) {
        this.path = path;
        this.zone = zone;
        this.tag = tag;
        this.facility = facility;
    }

    void send(Severity severity, Instant when, String text) {
        byte[] message = Octets.of(
                "<" + (facility * 8 + severity.number) + ">" + time(when.atZone(zone)) + " " + tag + ": " + text);
        // The daemon may have been started anew since the last line: then the first try fails and the second does not.
        if (!attempt(message)) {
            attempt(message);
        }
    }

    private boolean attempt(byte[] message) {
        try {
            DatagramSender sender = connection.isPresent() ? connection.get() : DatagramSender.to(path);
            connection = Optional.of(sender);
            sender.send(message);
            return true;
        } catch (IOException noDaemon) {
            close();
            return false;
        }
    }

    @Override
    public void close() {
        try {
            if (connection.isPresent()) {
                connection.get().close();
            }
        } catch (IOException gone) {
            // Nothing was held back that could be lost.
        }
        connection = Optional.empty();
    }

    private static String time(ZonedDateTime t) {
        int month = 3 * (t.getMonthValue() - 1);
        String day = (t.getDayOfMonth() < 10 ? " " : "") + t.getDayOfMonth();
        return MONTHS.substring(month, month + 3) + " " + day + " " + two(t.getHour()) + ":" + two(t.getMinute()) + ":"
                + two(t.getSecond());
    }

    private static String two(int number) {
        return (number < 10 ? "0" : "") + number;
    }
}
