package org.tawnymail.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;
import org.tawnymail.remote.smtp.Connections;
import org.tawnymail.remote.smtp.Letter;
import org.tawnymail.remote.smtp.Limits;
import org.tawnymail.remote.smtp.Peer;
import org.tawnymail.remote.smtp.Report;
import org.tawnymail.remote.smtp.SmtpSession;

/** Servers that say whatever they like to qmail-remote, and programs in its place that do. */
class HostileServerTest {

    private static final String[] PIECES = {
        "220 host ESMTP\r\n",
        "250-host\r\n",
        "250-PIPELINING\r\n",
        "250-SIZE 1000\r\n",
        "250 8BITMIME\r\n",
        "250 ok\r\n",
        "354 go\r\n",
        "421 bye\r\n",
        "450 later\r\n",
        "550 no\r\n",
        "550-no\r\n",
        "221 bye\r\n",
        "25",
        "250",
        "-",
        " ",
        "\r\n",
        "999 x\r\n",
        "000\r\n"
    };
    private static final String GOOD =
            "220 host\r\n250-host\r\n250-PIPELINING\r\n250 8BITMIME\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void everySequenceOfRepliesIsAReport() throws Exception {
        try (HostileHost host = new HostileHost();
                Connections connections = Connections.single()) {
            Limits limits = new Limits(PATIENCE, PATIENCE);
            HostileInputs.of("SMTP replies")
                    .pieces(PIECES)
                    .samples(GOOD, "220 host\r\n500 no\r\n250 host\r\n250 ok\r\n550 not here\r\n554 no\r\n")
                    .each((input, random) -> {
                        host.says(input);
                        try (Connections.Lease lease = connections
                                .lease(new Peer(host.address(), host.port()), "mail.corp.test", 1, PATIENCE)
                                .orElseThrow()) {
                            Report report = switch (lease.open("mail.corp.test", limits)) {
                                case SmtpSession.Opening.Ready(SmtpSession session) -> sent(session, limits);
                                case SmtpSession.Opening.Unreachable(boolean timedOut) ->
                                    Report.deferred("unreachable");
                                case SmtpSession.Opening.Refused(Report refused, boolean elsewhere) -> refused;
                            };
                            Outcome outcome = report.forOneRecipient();
                            assertThat(outcome.text()).doesNotContain("\0").hasSizeLessThan(20_000);
                            if (outcome instanceof Outcome.Delivered) {
                                assertThat(Octets.text(input))
                                        .as("nobody accepted it")
                                        .contains("2");
                            }
                            assertThat(Report.ofRecords(report.octets())).hasSameClassAs(outcome);
                        }
                    });
        }
    }

    private static Report sent(SmtpSession session, Limits limits) throws IOException {
        try (Letter letter = Letter.of(new ByteArrayInputStream(Octets.of("Subject: x\n\n.\nlast\n")))) {
            return session.send(letter, "ann@corp.test", List.of("bob@far.test"), limits)
                    .report();
        }
    }

    @Test
    void everyOutputOfAProgramInItsPlaceIsAnOutcome() throws Exception {
        HostileInputs.of("records of qmail-remote")
                .pieces("r", "h", "s", "K", "Z", "D", "\0", "text", "\n")
                .samples("rok\0Kaccepted\0", "hno\0Dnone\0", "Zlater\0")
                .each((input, random) -> {
                    Outcome outcome = Report.ofRecords(input);
                    if (outcome instanceof Outcome.Delivered) {
                        assertThat(Octets.text(input)).contains("K");
                    }
                    assertThat(outcome.text()).doesNotContain("\0");
                });
    }
}
