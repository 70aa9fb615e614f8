package org.tawnymail.receive;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.ControlMap;
import org.tawnymail.base.program.Environment;

/**
 * The settings of one session, read once at its start (core spec, section 8.1).
 *
 * @param greeting control {@code smtpgreeting}, else {@code me}: what the server calls itself
 * @param localDomain control {@code localiphost}, else {@code me}: the domain that stands for our addresses
 * @param timeout control {@code timeoutsmtpd}: the limit of each read and each write
 * @param sizeLimit variable {@code DATABYTES}, else control {@code databytes}; nothing if there is no limit
 * @param mostRecipients control {@code maxrcpt}: recipients of one message
 * @param unwantedSenders control {@code badmailfrom}: senders not wanted
 */
record SmtpControls(
        String greeting,
        Optional<String> localDomain,
        Duration timeout,
        OptionalLong sizeLimit,
        long mostRecipients,
        ControlMap unwantedSenders) {

    /** All recipients of one message are held in memory until it is queued. */
    private static final long USUAL_RECIPIENT = 100;

    private static final long LEAST_RECIPIENT_OCTETS = 1 << 20;

    static SmtpControls read(ControlFiles files, Environment environment) throws IOException, UnusableControls {
        Optional<String> greeting = files.lineIfAny(ControlFile.SMTPGREETING);
        if (greeting.isEmpty()) {
            throw new UnusableControls("neither smtpgreeting nor me");
        }
        return new SmtpControls(
                greeting.get(),
                files.lineIfAny(ControlFile.LOCALIPHOST),
                timeout(files.number(ControlFile.TIMEOUTSMTPD)),
                SizeLimit.read(files, environment),
                files.number(ControlFile.MAXRCPT),
                files.set(ControlFile.BADMAILFROM));
    }

    /** Whether the sender, or its domain with the {@code @} in front, is in badmailfrom (core spec, section 8.4). */
    boolean isBad(String sender) {
        if (sender.isEmpty()) {
            return false;
        }
        int at = sender.lastIndexOf('@');
        return unwantedSenders.contains(sender) || (at >= 0 && unwantedSenders.contains(sender.substring(at)));
    }

    /** How long all addresses of one message may be together: enough for all that may be if they are no longer than usual. */
    long mostRecipientOctets() {
        return Math.max(LEAST_RECIPIENT_OCTETS, Math.min(mostRecipients, Integer.MAX_VALUE) * USUAL_RECIPIENT);
    }

    private static Duration timeout(long seconds) {
        return Duration.ofSeconds(Math.clamp(seconds, 1, Integer.MAX_VALUE));
    }
}
