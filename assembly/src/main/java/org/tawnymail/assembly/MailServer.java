package org.tawnymail.assembly;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFile;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.line.SharedLog;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.local.LocalDelivery;
import org.tawnymail.local.users.Replacements;
import org.tawnymail.pickup.pop3.QmailPopup;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.door.QueueSocketServer;
import org.tawnymail.queue.messages.JournalQueue;
import org.tawnymail.queue.messages.QueueOptions;
import org.tawnymail.remote.RemoteDelivery;
import org.tawnymail.send.QmailSend;
import org.tawnymail.tcp.Listener;
import org.tawnymail.tcp.TcpServer;
import org.tawnymail.tcp.dns.DnsResolver;

/**
 * A whole mail system in this process: the queue and qmail-send, deliveries to mailboxes and to other hosts, SMTP and POP3.
 *
 * <p>For embedding: make a {@link Home}, {@linkplain #open open} and {@linkplain #start start}; {@linkplain #close close}
 * it to end. Between the two, ports are bound and nothing is accepted yet, so that trouble shows before mail moves.
 */
public final class MailServer implements AutoCloseable {

    /** More would not share two processors any better; the kernel's backlog holds the others. */
    private static final int MOST_SMTP_SESSIONS = 1_000;

    private static final int MOST_POP3_SESSIONS = 200;
    private static final int BACKLOG = 512;
    private static final Duration PATIENCE_WITH_SESSIONS = Duration.ofSeconds(2);
    private static final Duration PATIENCE_WITH_DELIVERIES = Duration.ofSeconds(20);

    private final Home home;
    private final SharedLog log;
    private final JournalQueue queue;
    private final RemoteDelivery remote;
    private final QmailSend send;
    private final Listener smtp;
    private final Listener pop3;
    private @Nullable QueueSocketServer door;

    /**
     * Where a server listens.
     *
     * @param address the address of both listeners
     * @param smtpPort 0 lets the system choose
     * @param pop3Port 0 lets the system choose
     */
    public record Ports(InetAddress address, int smtpPort, int pop3Port) {}

    private MailServer(
            Home home,
            SharedLog log,
            JournalQueue queue,
            RemoteDelivery remote,
            QmailSend send,
            Listener smtp,
            Listener pop3) {
        this.home = home;
        this.log = log;
        this.queue = queue;
        this.remote = remote;
        this.send = send;
        this.smtp = smtp;
        this.pop3 = pop3;
    }

    /**
     * Opens a home: its queue is replayed and locked, ports are bound.
     *
     * @param bin the directory with our programs' names, for scripts and for programs that run as another user
     * @param environment what programs in {@code .qmail} files inherit
     * @param log gets qmail-send's lines and those of all other parts; not closed
     * @throws org.tawnymail.queue.QueueInUse if another server has this home
     * @throws Complaint with one clear line, if a port or a setting is wrong
     */
    public static MailServer open(Home home, Path bin, Ports ports, Environment environment, OutputStream log)
            throws IOException {
        SharedLog lines = new SharedLog(log);
        InstantSource clock = InstantSource.system();
        QueueOptions options = QueueOptions.of(home.controls());
        JournalQueue queue = JournalQueue.open(home.queue(), options, clock, lines::line);
        Programs programs = new Programs(home, bin, () -> queue, lines::line);
        String domain = home.controls().line(ControlFile.ME);
        Listener smtp = null;
        try {
            // checkmailbox keeps hashes, so APOP could only fail: it is not offered.
            Call surroundings = new Call(
                    "tcpserver",
                    List.of(),
                    environment.with(QmailPopup.NO_APOP, ""),
                    Descriptors.none().with(2, lines),
                    home.path());
            Listening listening =
                    new Listening(new TcpServer(programs.commands(), DnsResolver::of), surroundings, ports, domain);
            smtp = listening.on(
                    "--smtp-port", ports.smtpPort(), MOST_SMTP_SESSIONS, rules(home), List.of("qmail-smtpd"));
            Listener pop3 = listening.on(
                    "--pop3-port",
                    ports.pop3Port(),
                    MOST_POP3_SESSIONS,
                    List.of(),
                    List.of("qmail-popup", domain, "checkmailbox", "qmail-pop3d", "Maildir"));
            LocalDelivery local = new LocalDelivery(
                    programs.local().users(),
                    programs.local().deliveries(),
                    new Replacements(home, bin, programs.commands(), environment),
                    environment,
                    home.controls().line(ControlFile.DEFAULTDELIVERY),
                    lines::line);
            RemoteDelivery remote = new RemoteDelivery(
                    home,
                    programs.commands(),
                    environment,
                    DnsResolver.of(environment),
                    clock,
                    new SecureRandom(),
                    lines::line);
            QmailSend send = new QmailSend(
                    queue,
                    programs.queue(),
                    home.controls(),
                    Map.of(
                            Channel.LOCAL,
                            (_, message, sender, recipient) -> local.deliver(message, sender, recipient),
                            Channel.REMOTE,
                            new RemoteAgent(remote)),
                    clock,
                    lines,
                    environment);
            return new MailServer(home, lines, queue, remote, send, smtp, pop3);
        } catch (IOException | RuntimeException e) {
            if (smtp != null) {
                smtp.close();
            }
            queue.close();
            throw e;
        }
    }

    /** Begins to deliver what is in the queue and to accept mail. */
    public void start() throws IOException {
        send.start();
        door = QueueSocketServer.open(
                home.queue(), queue::begin, QueueSocketServer.Access.OWNER, InstantSource.system(), log::line);
        smtp.start();
        pop3.start();
    }

    /** Where SMTP is spoken. */
    public InetSocketAddress smtp() {
        return smtp.address();
    }

    /** Where POP3 is spoken. */
    public InetSocketAddress pop3() {
        return pop3.address();
    }

    /** HUP: rereads {@code locals} and {@code virtualdomains}. */
    public void hangup() {
        send.hangup();
    }

    /** ALRM: tries everything that waits now. */
    public void alarm() {
        send.alarm();
    }

    /**
     * Waits until qmail-send has ended, which it does after {@link #close}.
     *
     * @throws IllegalStateException if it has ended by a defect, and nothing is delivered any more
     */
    public void awaitEnd() throws InterruptedException {
        send.awaitEnd();
    }

    /**
     * Ends it: takes no more mail, lets sessions and deliveries under way finish for a while, notes when everything is due,
     * closes the queue. What is in the queue stays there.
     *
     * @throws Complaint with one clear line, if the disk does not take what was to be noted; all the rest is done
     */
    @Override
    public void close() throws IOException {
        smtp.close(PATIENCE_WITH_SESSIONS);
        pop3.close(PATIENCE_WITH_SESSIONS);
        try (queue;
                remote) {
            if (door != null) {
                door.close();
            }
            send.terminate(PATIENCE_WITH_DELIVERIES);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new Complaint(
                    ExitCode.TEMPORARY,
                    "tawny: warning: unable to close the queue in " + home.queue() + ": " + Errno.text(e)
                            + "; mend the disk and start again, nothing that was accepted is lost");
        }
    }

    /** A home without rules is served without them: then nobody may relay. */
    private static List<String> rules(Home home) {
        return List.of("-X", "-x", Octets.fileName(home.controls().file(ControlFile.TCP_SMTP_CDB)));
    }

    /** One listener after the other, as tcpserver's command line would open them. */
    private record Listening(TcpServer tcpserver, Call surroundings, Ports ports, String domain) {

        Listener on(String option, int port, int sessions, List<String> options, List<String> program)
                throws Complaint {
            List<String> arguments = new ArrayList<>(List.of("-HR", "-l", domain));
            arguments.addAll(List.of("-c", String.valueOf(sessions), "-b", String.valueOf(BACKLOG)));
            arguments.addAll(options);
            arguments.addAll(List.of(ports.address().getHostAddress(), String.valueOf(port)));
            arguments.addAll(program);
            try {
                return tcpserver.open(surroundings.command("tcpserver", arguments));
            } catch (Complaint complaint) {
                String choice = reason(complaint).equals("address not available") ? "--address" : option;
                String place =
                        new InetSocketAddress(ports.address(), port).toString().replaceFirst("^.*/", "");
                throw new Complaint(
                        complaint.exitCode(),
                        "tawny: fatal: unable to listen on " + place + ": " + reason(complaint) + "; choose another "
                                + choice);
            }
        }

        /** What tcpserver complained of, without its name. */
        private static String reason(Complaint complaint) {
            return complaint.line().substring(complaint.line().lastIndexOf(": ") + 2);
        }
    }
}
