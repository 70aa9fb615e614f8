package org.tawnymail.remote;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tawnymail.remote.host.DeadHosts;
import org.tawnymail.remote.host.Destination;
import org.tawnymail.remote.host.Exchanger;
import org.tawnymail.remote.host.MailExchangers;
import org.tawnymail.remote.host.Route;
import org.tawnymail.remote.smtp.Connections;
import org.tawnymail.remote.smtp.Letter;
import org.tawnymail.remote.smtp.Limits;
import org.tawnymail.remote.smtp.Peer;
import org.tawnymail.remote.smtp.Report;
import org.tawnymail.remote.smtp.SmtpSession;
import org.tawnymail.tcp.dns.IpLiteral;

/**
 * Carries a letter to the best host that takes it (core spec, sections 7.3 and 7.4).
 *
 * <p>Addresses are tried in order. One that cannot be reached is passed over; so is one that greets, hears our name or the
 * sender with a temporary refusal, or breaks off, as long as no text was sent (RFC 5321, section 5.1). The first that decides
 * about a recipient or the message has the last word. Safe for use by many threads.
 */
final class Transfer {

    /** So many hosts that answer and then decline are asked for one letter. */
    static final int MOST_SESSIONS = 5;

    /**
     * How long a delivery waits, in all, for its turn at busy hosts. It holds one of qmail-send's places meanwhile, so this is
     * far below the time it may wait for a reply; at one connection a second that is free, thirty are served.
     */
    static final Duration LONGEST_WAIT_FOR_TURN = Duration.ofSeconds(30);

    private final MailExchangers exchangers;
    private final DeadHosts deadHosts;
    private final Connections connections;
    private final int port;
    private final Duration longestWait;

    /**
     * @param port where mail exchangers listen
     * @param longestWait see {@link #LONGEST_WAIT_FOR_TURN}
     */
    Transfer(MailExchangers exchangers, DeadHosts deadHosts, Connections connections, int port, Duration longestWait) {
        this.exchangers = exchangers;
        this.deadHosts = deadHosts;
        this.connections = connections;
        this.port = port;
        this.longestWait = longestWait;
    }

    /** Carries a letter to a host, or to its relay. The letter's text is sent once at most. */
    Report carry(RemoteSettings settings, Letter letter, String host, String sender, List<String> recipients) {
        if (isUnspeakable(sender) || recipients.stream().anyMatch(Transfer::isUnspeakable)) {
            return Reports.unspeakableAddress();
        }
        Optional<Route> route;
        try {
            route = settings.routes().forHost(host);
        } catch (IOException malformed) {
            return Reports.unreadableControls();
        }
        String name = route.map(Route::relay).orElse(host);
        Destination destination = route.isPresent() ? exchangers.ofRelay(name) : exchangers.find(name);
        return switch (destination) {
            case Destination.Reachable(List<Exchanger> found) ->
                new Attempt(
                                settings,
                                letter,
                                sender,
                                recipients,
                                route.map(Route::port).orElse(port))
                        .at(found);
            case Destination.Unknown unknown -> Reports.unknownHost();
            case Destination.NoHost none -> Reports.noHost(name);
            case Destination.NoAddress none -> Reports.noAddress();
            case Destination.ThisHost own -> Reports.thisHost();
        };
    }

    /** A line end inside an address would be a command of the sender's own. */
    static boolean isUnspeakable(String address) {
        return address.indexOf('\r') >= 0 || address.indexOf('\n') >= 0 || address.indexOf('\0') >= 0;
    }

    /** One letter on its way along the addresses. */
    private final class Attempt {

        private final RemoteSettings settings;
        private final Letter letter;
        private final String sender;
        private final List<String> recipients;
        private final int port;
        private final long waitUntil = System.nanoTime() + longestWait.toNanos();

        /** The last word of a host that declined, or else that one was busy. */
        private Optional<Report> declined = Optional.empty();

        private int sessions;

        Attempt(RemoteSettings settings, Letter letter, String sender, List<String> recipients, int port) {
            this.settings = settings;
            this.letter = letter;
            this.sender = sender;
            this.recipients = recipients;
            this.port = port;
        }

        Report at(List<Exchanger> found) {
            for (Exchanger exchanger : found) {
                Optional<Report> decided = at(new Peer(exchanger.address(), port));
                if (decided.isPresent()) {
                    return decided.get();
                }
                if (sessions == MOST_SESSIONS) {
                    break;
                }
            }
            return declined.orElseGet(Reports::noConnection);
        }

        /** What one host decided, or nothing if the next may be asked. */
        private Optional<Report> at(Peer peer) {
            Duration patience = Duration.ofNanos(Math.max(0, waitUntil - System.nanoTime()));
            Optional<Connections.Lease> lease = connections.lease(peer, settings.helo(), settings.share(), patience);
            if (lease.isEmpty()) {
                declined = declined.or(() -> Optional.of(Reports.busy(IpLiteral.text(peer.address()))));
                return Optional.empty();
            }
            try (Connections.Lease held = lease.get()) {
                return onKept(held).or(() -> onNew(held, peer));
            }
        }

        /** A kept connection may have grown stale: what it declines is said again on a new one, and nobody hears of it. */
        private Optional<Report> onKept(Connections.Lease lease) {
            return lease.session()
                    .map(session -> session.send(letter, sender, recipients, limits()))
                    .filter(SmtpSession.Result.Decided.class::isInstance)
                    .map(SmtpSession.Result::report);
        }

        private Optional<Report> onNew(Connections.Lease lease, Peer peer) {
            if (deadHosts.isDead(peer.address())) {
                return Optional.empty();
            }
            SmtpSession.Opening opening = lease.open(settings.helo(), limits());
            if (opening instanceof SmtpSession.Opening.Unreachable(boolean timedOut)) {
                if (timedOut) {
                    deadHosts.timedOut(peer.address());
                } else {
                    deadHosts.answered(peer.address());
                }
                return Optional.empty();
            }
            deadHosts.answered(peer.address());
            sessions++;
            return switch (opening) {
                case SmtpSession.Opening.Ready(SmtpSession session) ->
                    outcome(session.send(letter, sender, recipients, limits()));
                case SmtpSession.Opening.Refused(Report report, boolean elsewhere) ->
                    elsewhere ? noted(report) : Optional.of(report);
                case SmtpSession.Opening.Unreachable unreachable -> Optional.empty();
            };
        }

        private Optional<Report> outcome(SmtpSession.Result result) {
            return switch (result) {
                case SmtpSession.Result.Decided(Report report) -> Optional.of(report);
                case SmtpSession.Result.Declined(Report report) -> noted(report);
            };
        }

        private Optional<Report> noted(Report report) {
            declined = Optional.of(report);
            return Optional.empty();
        }

        private Limits limits() {
            return settings.limits();
        }
    }
}
