package org.tawnymail.assembly;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tawnymail.assembly.config.Config;
import org.tawnymail.assembly.config.ConfigFast;
import org.tawnymail.assembly.config.HostName;
import org.tawnymail.assembly.install.Instcheck;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.control.QmailShowctl;
import org.tawnymail.base.posix.LoginRecords;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.process.ProgramCommands;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.ProgramTable;
import org.tawnymail.inject.Datemail;
import org.tawnymail.inject.Mailsubj;
import org.tawnymail.inject.Predate;
import org.tawnymail.inject.QmailInject;
import org.tawnymail.inject.Sendmail;
import org.tawnymail.local.QmailLspawn;
import org.tawnymail.local.commands.Bouncesaying;
import org.tawnymail.local.commands.Condredirect;
import org.tawnymail.local.commands.Except;
import org.tawnymail.local.commands.Forward;
import org.tawnymail.local.commands.Maildirmake;
import org.tawnymail.local.commands.Preline;
import org.tawnymail.local.commands.Qbiff;
import org.tawnymail.local.commands.Qreceipt;
import org.tawnymail.local.delivery.QmailLocal;
import org.tawnymail.local.mailbox.MailboxLock;
import org.tawnymail.local.mailbox.SystemDisk;
import org.tawnymail.local.users.QmailGetpw;
import org.tawnymail.local.users.QmailNewu;
import org.tawnymail.local.users.QmailPw2u;
import org.tawnymail.pickup.login.Checkmailbox;
import org.tawnymail.pickup.login.Checkpassword;
import org.tawnymail.pickup.login.MailboxAccounts;
import org.tawnymail.pickup.login.MailboxPassword;
import org.tawnymail.pickup.login.PasswordWork;
import org.tawnymail.pickup.pop3.QmailPop3d;
import org.tawnymail.pickup.pop3.QmailPopup;
import org.tawnymail.pickup.reader.Maildir2mbox;
import org.tawnymail.pickup.reader.Maildirwatch;
import org.tawnymail.pickup.reader.MboxReader;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueuePort;
import org.tawnymail.queue.adopt.QmailUpq;
import org.tawnymail.queue.door.QueueDoor;
import org.tawnymail.queue.program.QmailQread;
import org.tawnymail.queue.program.QmailQstat;
import org.tawnymail.queue.program.QmailQueue;
import org.tawnymail.queue.salvage.QueueProgram;
import org.tawnymail.receive.QmailNewmrh;
import org.tawnymail.receive.QmailQmqpd;
import org.tawnymail.receive.QmailQmtpd;
import org.tawnymail.receive.QmailSmtpd;
import org.tawnymail.remote.QmailRemote;
import org.tawnymail.remote.QmailRspawn;
import org.tawnymail.remote.QmailTcpok;
import org.tawnymail.remote.QmailTcpto;
import org.tawnymail.remote.qmqp.QmailQmqpc;
import org.tawnymail.send.QmailSend;
import org.tawnymail.send.spawn.QmailSendProgram;
import org.tawnymail.send.start.QmailStart;
import org.tawnymail.send.syslog.Splogger;
import org.tawnymail.tcp.InterfaceAddresses;
import org.tawnymail.tcp.OwnAddresses;
import org.tawnymail.tcp.TcpEnv;
import org.tawnymail.tcp.TcpServer;
import org.tawnymail.tcp.dns.DnsResolver;
import org.tawnymail.tcp.dns.DnsServers;
import org.tawnymail.tcp.lookup.Dnsfq;
import org.tawnymail.tcp.lookup.Dnsip;
import org.tawnymail.tcp.lookup.Dnsptr;
import org.tawnymail.tcp.lookup.HostLookup;
import org.tawnymail.tcp.lookup.Ipmeprint;
import org.tawnymail.tcp.lookup.SearchList;
import org.tawnymail.tcp.rules.Tcprules;
import org.tawnymail.tcp.rules.Tcprulescheck;

/**
 * The table of our programs: how each is made. A program is made when it is first asked for, so that one that runs for
 * milliseconds loads nothing but itself.
 */
final class Programs implements ProgramTable {

    private static final Set<String> NAMES = Set.of(
            "bouncesaying",
            "checkmailbox",
            "checkpassword",
            "condredirect",
            "config",
            "config-fast",
            "datemail",
            "dnsfq",
            "dnsip",
            "dnsptr",
            "elq",
            "except",
            "forward",
            "instcheck",
            "ipmeprint",
            "maildir2mbox",
            "maildirmake",
            "mailboxpassword",
            "maildirwatch",
            "mailq",
            "mailsubj",
            "newaliases",
            "pinq",
            "predate",
            "preline",
            "qail",
            "qbiff",
            "qmail-getpw",
            "qmail-inject",
            "qmail-local",
            "qmail-newmrh",
            "qmail-newu",
            "qmail-pop3d",
            "qmail-popup",
            "qmail-pw2u",
            "qmail-qmqpc",
            "qmail-qmqpd",
            "qmail-qmtpd",
            "qmail-qread",
            "qmail-qstat",
            "qmail-queue",
            "qmail-remote",
            "qmail-showctl",
            "qmail-smtpd",
            "qmail-tcpok",
            "qmail-tcpto",
            "qmail-upq",
            "qreceipt",
            "queue",
            "sendmail",
            "splogger",
            "tcp-env",
            "tcprules",
            "tcprulescheck",
            "tcpserver");

    private static final Set<String> DAEMONS = Set.of("qmail-lspawn", "qmail-rspawn", "qmail-send", "qmail-start");

    private final Home home;
    private final Path bin;
    private final InstantSource clock = InstantSource.system();
    private final Supplier<QueuePort> port;
    private final Consumer<String> log;
    private final ProgramCommands commands;
    private final Supplier<Optional<Path>> standIn;
    private @Nullable PasswordWork passwordWork;
    private @Nullable LocalParts localParts;

    /**
     * @param bin the directory with our programs' names
     * @param port the way into the queue; asked for only if a program needs it
     * @param log gets what no program can say to its caller
     */
    Programs(Home home, Path bin, Supplier<QueuePort> port, Consumer<String> log) {
        this(home, bin, port, log, Optional::empty);
    }

    /** @param standIn what is run in the place of our qmail-queue */
    private Programs(
            Home home, Path bin, Supplier<QueuePort> port, Consumer<String> log, Supplier<Optional<Path>> standIn) {
        this.home = home;
        this.standIn = standIn;
        this.log = log;
        this.bin = bin;
        this.port = port;
        this.commands = new ProgramCommands(this, bin);
    }

    /** The programs in a process of their own: they hand mail to the server's socket, or leave it for the next start. */
    static Programs standingAlone(Home home, Path bin) {
        return new Programs(
                home, bin, () -> new QueueDoor(home.queue()), System.err::println, () -> QueueStandIn.in(bin));
    }

    Commands commands() {
        return commands;
    }

    Path bin() {
        return bin;
    }

    QueueClient queue() {
        return new QueueClient(home, port.get(), commands, () -> standIn.get().map(Octets::fileName));
    }

    @Override
    public Set<String> names() {
        return new TreeSet<>(NAMES);
    }

    @Override
    public Optional<Program> find(String name) {
        return NAMES.contains(name) ? Optional.of(make(name)) : Optional.empty();
    }

    /** The names in {@code bin}: those of this table, and the daemons. */
    static Set<String> namesInBin() {
        Set<String> names = new TreeSet<>(NAMES);
        names.addAll(DAEMONS);
        return names;
    }

    /**
     * A daemon of an installed system. These are not in the table: each takes over the process that it runs in, with its
     * signals, file mode mask and descriptors, so nothing may run them inside another.
     */
    Optional<Program> daemon(String name) {
        return switch (name) {
            case "qmail-start" -> Optional.of(new QmailStart());
            case "qmail-send" -> Optional.of(new QmailSendProgram(home, commands, clock, Signals::on));
            case "qmail-lspawn" ->
                Optional.of(new QmailLspawn(home, local().users(), local().deliveries(), commands, bin));
            case "qmail-rspawn" ->
                Optional.of(new QmailRspawn(home, commands, DnsResolver::of, clock, new SecureRandom()));
            default -> Optional.empty();
        };
    }

    private static HostLookup lookup(Environment environment) {
        return new HostLookup(DnsResolver.of(environment), SearchList.of(DnsServers.RESOLV_CONF));
    }

    private Program make(String name) {
        return switch (name) {
            case "qmail-inject" -> new QmailInject(home, queue(), clock);
            case "sendmail", "mailq", "newaliases" -> new Sendmail(home, commands);
            case "mailsubj" -> new Mailsubj(home, commands);
            case "predate" -> new Predate(commands, clock, ZoneId.systemDefault());
            case "datemail" -> new Datemail(home, new Predate(commands, clock, ZoneId.systemDefault()));
            case "qmail-queue" -> QueueStandIn.isQmqpc(standIn.get()) ? new QmailQmqpc() : new QmailQueue(port.get());
            case "qmail-qread" -> new QmailQread(home);
            case "qmail-qstat" -> new QmailQstat(home);
            case "qmail-upq" -> new QmailUpq(home);
            case "queue" -> new QueueProgram(home, controls -> QmailSend.withoutPrepends(controls));
            case "tcpserver" -> new TcpServer(commands, DnsResolver::of);
            case "tcprules" -> new Tcprules();
            case "tcprulescheck" -> new Tcprulescheck();
            case "qmail-showctl" -> new QmailShowctl(home, new SystemIds());
            case "qmail-smtpd" -> new QmailSmtpd(home, queue(), OwnAddresses.ofInterfaces(clock), clock);
            case "qmail-qmtpd" -> new QmailQmtpd(home, queue(), clock);
            case "qmail-qmqpd" -> new QmailQmqpd(queue(), clock);
            case "qmail-qmqpc" -> new QmailQmqpc();
            case "qmail-newmrh" -> new QmailNewmrh(home);
            case "tcp-env" -> new TcpEnv(commands, DnsResolver::of);
            case "qmail-local" -> new QmailLocal(local().deliveries());
            case "qmail-getpw" -> new QmailGetpw(local().accounts());
            case "qmail-newu" -> new QmailNewu(home);
            case "qmail-pw2u" -> new QmailPw2u(home);
            case "forward" -> new Forward(queue());
            case "bouncesaying" -> new Bouncesaying(commands);
            case "condredirect" -> new Condredirect(commands, queue());
            case "except" -> new Except(commands);
            case "preline" -> new Preline(commands);
            case "qbiff" -> new Qbiff(LoginRecords.SYSTEM, Path.of("/dev"), ThisProcess::effectiveUid);
            case "qreceipt" -> new Qreceipt(queue());
            case "maildirmake" -> new Maildirmake();
            case "maildir2mbox" -> new Maildir2mbox(new SystemDisk(), MailboxLock.PATIENT, clock);
            case "elq" -> new MboxReader(commands, name, "elm");
            case "pinq" -> new MboxReader(commands, name, "pine");
            case "qail" -> new MboxReader(commands, name, "Mail");
            case "maildirwatch" -> new Maildirwatch(clock, Thread::sleep);
            case "qmail-remote" -> new QmailRemote(DnsResolver::of, clock, new SecureRandom());
            case "qmail-tcpto" -> new QmailTcpto(clock);
            case "qmail-tcpok" -> new QmailTcpok();
            case "qmail-popup" -> new QmailPopup(commands, clock);
            case "qmail-pop3d" -> new QmailPop3d(clock, ThisProcess::effectiveUid);
            case "checkpassword" -> new Checkpassword(commands, passwordWork());
            case "checkmailbox" -> new Checkmailbox(commands, mailboxAccounts(), home, passwordWork());
            case "mailboxpassword" -> new MailboxPassword(mailboxAccounts());
            case "splogger" -> new Splogger(Splogger.DEV_LOG, clock, ZoneId.systemDefault());
            case "config-fast" -> new ConfigFast(home);
            case "config" ->
                new Config(home, new HostName(HostName.KERNELS), Programs::lookup, InterfaceAddresses::ofThisHost);
            case "instcheck" -> new Instcheck(home, namesInBin());
            case "dnsip" -> new Dnsip(Programs::lookup);
            case "dnsptr" -> new Dnsptr(Programs::lookup);
            case "dnsfq" -> new Dnsfq(Programs::lookup);
            case "ipmeprint" -> new Ipmeprint(InterfaceAddresses::ofThisHost);
            default -> throw new IllegalStateException(name + " is in the table and cannot be made");
        };
    }

    MailboxAccounts mailboxAccounts() {
        return new MailboxAccounts(home, new SecureRandom());
    }

    /** The parts of local delivery, which qmail-local and the server share. */
    synchronized LocalParts local() {
        LocalParts parts = localParts;
        if (parts == null) {
            parts = LocalParts.make(home, commands, queue(), clock, log);
            localParts = parts;
        }
        return parts;
    }

    /** One for all sessions, because it limits how many passwords are hashed at once. */
    private synchronized PasswordWork passwordWork() {
        PasswordWork work = passwordWork;
        if (work == null) {
            work = new PasswordWork();
            passwordWork = work;
        }
        return work;
    }
}
