package org.tawnymail.remote;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.tawnymail.base.MessageSource;
import org.tawnymail.base.Outcome;
import org.tawnymail.base.address.MailAddress;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Environment;
import org.tawnymail.remote.host.DeadHosts;
import org.tawnymail.remote.host.MailExchangers;
import org.tawnymail.remote.host.Routes;
import org.tawnymail.remote.smtp.Connections;
import org.tawnymail.remote.smtp.Letter;
import org.tawnymail.tcp.OwnAddresses;
import org.tawnymail.tcp.dns.Resolver;

/**
 * Deliveries to other hosts for a server: what qmail-rspawn and qmail-remote do for one recipient at a time (core spec, sections
 * 5.1 and 7.1), with connections that are kept for the next letter, and for several at a time. Safe for use by many threads.
 *
 * <p>Where {@code QMAILREMOTE} is set, or another {@code qmail-remote} stands before ours on the path, that program is run for
 * each delivery instead.
 */
public final class RemoteDelivery implements AutoCloseable {

    private static final String OUTSIDE = "QMAILREMOTE";
    private static final String PROGRAM = "qmail-remote";

    private final ControlFiles controls;
    private final Commands commands;
    private final Environment environment;
    private final OutsideRemote outside;
    private final Connections connections;
    private final Transfer transfer;

    /**
     * Empties the table of dead hosts, as qmail-rspawn does when it starts.
     *
     * @param environment that of the server: decides about {@code QMAILREMOTE}
     * @param random safe for use by many threads
     * @param log gets a line if that fails: hosts that were dead before the start are then left alone for a while longer
     */
    public RemoteDelivery(
            Home home,
            Commands commands,
            Environment environment,
            Resolver dns,
            InstantSource clock,
            RandomGenerator random,
            Consumer<String> log) {
        this(
                home,
                commands,
                environment,
                new MailExchangers(dns, OwnAddresses.ofInterfaces(clock), random),
                clock,
                random,
                Routes.SMTP_PORT,
                log);
    }

    /**
     * @param port where mail exchangers listen
     */
    RemoteDelivery(
            Home home,
            Commands commands,
            Environment environment,
            MailExchangers exchangers,
            InstantSource clock,
            RandomGenerator random,
            int port,
            Consumer<String> log) {
        this.controls = home.controls();
        this.commands = commands;
        this.environment = environment;
        this.outside = new OutsideRemote(home, commands, environment);
        this.connections = Connections.kept(clock);
        DeadHosts deadHosts = new DeadHosts(DeadHosts.file(home), clock, random);
        this.transfer = new Transfer(exchangers, deadHosts, connections, port, Transfer.LONGEST_WAIT_FOR_TURN);
        try {
            deadHosts.reset();
        } catch (IOException outOfReach) {
            log.accept("warning: unable to empty " + DeadHosts.file(home) + ": " + Errno.text(outOfReach));
        }
    }

    /**
     * Makes one attempt for one recipient on the caller's thread.
     *
     * @param sender the envelope sender, VERP already expanded
     * @return the text goes to the log and, for a failure, into the bounce message
     */
    public Outcome deliver(MessageSource message, String sender, String recipient) {
        Optional<String> host = MailAddress.of(recipient).domain();
        if (host.isEmpty()) {
            return new Outcome.Failed("Sorry, address must include host name. (#5.1.3)\n");
        }
        Optional<String> command = outsideCommand();
        if (command.isPresent()) {
            return outside.deliver(command.get(), message, host.get(), sender, recipient);
        }
        // Read for each delivery: a script that changes a route and sends ALRM counts on it.
        Optional<RemoteSettings> settings = settings();
        if (settings.isEmpty()) {
            return Reports.unreadableControls().message();
        }
        try (Letter letter = Letter.of(message)) {
            return transfer.carry(settings.get(), letter, host.get(), sender, List.of(recipient))
                    .forOneRecipient();
        } catch (IOException unreadable) {
            return Reports.unreadableMessage().message();
        }
    }

    /** Whether several recipients may share a transaction: not where another program makes the deliveries, one for each. */
    public boolean canShare() {
        return outsideCommand().isEmpty();
    }

    /**
     * Makes one attempt for several recipients of one domain on the caller's thread; they share transactions where they can.
     *
     * @param recipients at least one
     * @return an outcome for each of them, in order
     */
    public List<Outcome> deliver(MessageSource message, String sender, List<String> recipients) {
        Optional<String> host = MailAddress.of(recipients.getFirst()).domain();
        if (recipients.size() == 1 || host.isEmpty() || !canShare()) {
            return recipients.stream()
                    .map(recipient -> deliver(message, sender, recipient))
                    .toList();
        }
        Optional<RemoteSettings> settings = settings();
        if (settings.isEmpty()) {
            return Collections.nCopies(
                    recipients.size(), Reports.unreadableControls().message());
        }
        return new SharedDelivery(transfer, settings.get(), message, host.get(), sender, recipients).outcomes();
    }

    /** Says goodbye on all connections that are not in use; those that are end with their delivery. */
    @Override
    public void close() {
        connections.close();
    }

    private Optional<String> outsideCommand() {
        String command = environment.get(OUTSIDE).orElse(PROGRAM);
        boolean isThisOne = command.substring(command.lastIndexOf('/') + 1).equals(PROGRAM);
        return isThisOne && commands.isOurs(command, environment) ? Optional.empty() : Optional.of(command);
    }

    private Optional<RemoteSettings> settings() {
        try {
            return Optional.of(RemoteSettings.read(controls));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
