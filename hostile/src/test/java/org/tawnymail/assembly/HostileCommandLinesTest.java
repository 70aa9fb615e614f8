package org.tawnymail.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.assembly.config.ConfigFast;
import org.tawnymail.assembly.install.Instcheck;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.control.QmailShowctl;
import org.tawnymail.base.posix.SystemError;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.PaperQueue;
import org.tawnymail.hostile.Ran;
import org.tawnymail.hostile.Scratch;
import org.tawnymail.inject.Datemail;
import org.tawnymail.inject.Mailsubj;
import org.tawnymail.inject.Predate;
import org.tawnymail.inject.QmailInject;
import org.tawnymail.inject.Sendmail;
import org.tawnymail.local.commands.Bouncesaying;
import org.tawnymail.local.commands.Condredirect;
import org.tawnymail.local.commands.Except;
import org.tawnymail.local.commands.Forward;
import org.tawnymail.local.commands.Maildirmake;
import org.tawnymail.local.commands.Preline;
import org.tawnymail.local.commands.Qreceipt;
import org.tawnymail.local.users.PasswdLookup;
import org.tawnymail.local.users.QmailGetpw;
import org.tawnymail.local.users.QmailNewu;
import org.tawnymail.local.users.QmailPw2u;
import org.tawnymail.pickup.login.Checkpassword;
import org.tawnymail.pickup.login.PasswordWork;
import org.tawnymail.pickup.pop3.QmailPop3d;
import org.tawnymail.pickup.pop3.QmailPopup;
import org.tawnymail.pickup.reader.MboxReader;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.adopt.QmailUpq;
import org.tawnymail.queue.program.QmailQread;
import org.tawnymail.queue.program.QmailQstat;
import org.tawnymail.queue.program.QmailQueue;
import org.tawnymail.queue.salvage.QueueProgram;
import org.tawnymail.receive.QmailNewmrh;
import org.tawnymail.receive.QmailQmtpd;
import org.tawnymail.remote.QmailRemote;
import org.tawnymail.remote.QmailTcpok;
import org.tawnymail.remote.QmailTcpto;
import org.tawnymail.send.syslog.Splogger;
import org.tawnymail.tcp.TcpEnv;
import org.tawnymail.tcp.dns.Answer;
import org.tawnymail.tcp.dns.MailExchanger;
import org.tawnymail.tcp.dns.Resolver;
import org.tawnymail.tcp.lookup.Dnsfq;
import org.tawnymail.tcp.lookup.Dnsip;
import org.tawnymail.tcp.lookup.Dnsptr;
import org.tawnymail.tcp.lookup.HostLookup;
import org.tawnymail.tcp.lookup.SearchList;
import org.tawnymail.tcp.rules.Tcprules;
import org.tawnymail.tcp.rules.Tcprulescheck;

/** Command lines that make no sense, for every program that ends by itself. */
class HostileCommandLinesTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_000_000_000));

    /** Programs that are given each input: the ones that write files are not given each of them. */
    private static final int PROGRAMS_AT_ONCE = 12;

    /** No kernel hands over longer arguments, nor more of them than fit into this. */
    private static final int LONGEST_COMMAND_LINE = 20_000;

    @TempDir(factory = Scratch.class)
    private Path directory;

    /** Knows no names. */
    private static final Resolver EMPTY_DNS = new Resolver() {
        @Override
        public Answer<Inet4Address> a(String name) {
            return new Answer.NoSuchName<>();
        }

        @Override
        public Answer<Inet6Address> aaaa(String name) {
            return new Answer.NoSuchName<>();
        }

        @Override
        public Answer<MailExchanger> mx(String name) {
            return new Answer.NoSuchName<>();
        }

        @Override
        public Answer<String> ptr(InetAddress address) {
            return new Answer.NoSuchName<>();
        }

        @Override
        public Answer<String> txt(String name) {
            return new Answer.NoSuchName<>();
        }
    };

    private static final class NoIds implements QmailShowctl.Ids {
        @Override
        public OptionalInt user(String name) throws SystemError {
            return OptionalInt.empty();
        }

        @Override
        public OptionalInt group(String name) throws SystemError {
            return OptionalInt.empty();
        }
    }

    @Test
    void everyCommandLineOfEveryProgramEndsWithAnExitCode() throws Exception {
        Path work = Files.createDirectories(directory.resolve("work"));
        Files.createDirectories(directory.resolve("home/control"));
        Files.createDirectories(directory.resolve("fresh/control"));
        PaperQueue paper = new PaperQueue();
        Map<String, Program> programs = programs(paper);
        List<String> names = List.copyOf(programs.keySet());
        Environment environment = Environment.of(Map.of(
                Home.VARIABLE,
                directory.resolve("home").toString(),
                "SENDER",
                "ann@far.test",
                "NEWSENDER",
                "ann@far.test",
                "DTLINE",
                "Delivered-To: x\n"));
        HostileInputs.of("command lines")
                .pieces(
                        "-",
                        "--",
                        "\0",
                        "-a",
                        "-f",
                        "-bs\0",
                        "-t",
                        "-c",
                        "-H/",
                        "-n",
                        "-N",
                        "-x",
                        "=",
                        "--home",
                        "--dry-run")
                .pieces("ann@corp.test\0", "127.0.0.1\0", "mail.corp.test\0", "true\0", "./Maildir/\0", "control\0")
                .samples(
                        "-H\0-fann@far.test\0--\0bob@corp.test",
                        "-t\0-i\0-F\0Ann\0bob@corp.test",
                        "mail.corp.test\0ann@far.test\0bob@corp.test\0joe@corp.test",
                        "rules.cdb\0rules.tmp",
                        "-R\0-t5\0qmail-smtpd")
                .memory(512 << 20)
                .each((input, random) -> {
                    List<String> arguments = arguments(input);
                    for (int i = 0; i < PROGRAMS_AT_ONCE; i++) {
                        String name = names.get(random.nextInt(names.size()));
                        Ran ran = Ran.of(
                                programs.getOrDefault(name, new Except(PaperQueue.NO_COMMANDS)),
                                arguments,
                                environment,
                                Descriptors.none().with(0, Ran.nothing()).with(3, Ran.nothing()),
                                work);
                        assertThat(ran.err()).as(name).matches("(?s)(.*\\n)?");
                    }
                    paper.queued().clear();
                    if (random.nextInt(100) == 0) {
                        Scratch.empty(work);
                    }
                });
    }

    /** Arguments as a kernel can hand them over, and such as name nothing outside the directory of the test. */
    private static List<String> arguments(byte[] input) {
        String text = Octets.text(input, 0, Math.min(input.length, LONGEST_COMMAND_LINE));
        return List.of(text.replace("/", "_").replace("..", "._").split("\0", -1));
    }

    private Map<String, Program> programs(PaperQueue paper) {
        Home home = new Home(directory.resolve("home"));
        QueueClient queue = paper.client(home);
        var commands = PaperQueue.NO_COMMANDS;
        Predate predate = new Predate(commands, CLOCK, ZoneOffset.UTC);
        HostLookup lookup = new HostLookup(EMPTY_DNS, new SearchList(List.of("corp.test")));
        Map<String, Program> programs = new TreeMap<>();
        programs.put("qmail-inject", new QmailInject(home, queue, CLOCK));
        programs.put("sendmail", new Sendmail(home, commands));
        programs.put("mailsubj", new Mailsubj(home, commands));
        programs.put("predate", predate);
        programs.put("datemail", new Datemail(home, predate));
        programs.put("qmail-queue", new QmailQueue(paper));
        programs.put("qmail-qread", new QmailQread(home));
        programs.put("qmail-qstat", new QmailQstat(home));
        programs.put("qmail-upq", new QmailUpq(home));
        programs.put("queue", new QueueProgram(home, controls -> UnaryOperator.identity()));
        programs.put("tcprules", new Tcprules());
        programs.put("tcprulescheck", new Tcprulescheck());
        programs.put("qmail-showctl", new QmailShowctl(home, new NoIds()));
        programs.put("qmail-qmtpd", new QmailQmtpd(home, queue, CLOCK));
        programs.put("qmail-newmrh", new QmailNewmrh(home));
        programs.put("tcp-env", new TcpEnv(commands, environment -> EMPTY_DNS));
        programs.put("qmail-getpw", new QmailGetpw(new PasswdLookup(account -> Optional.empty())));
        programs.put("qmail-newu", new QmailNewu(home));
        programs.put("qmail-pw2u", new QmailPw2u(home));
        programs.put("forward", new Forward(queue));
        programs.put("bouncesaying", new Bouncesaying(commands));
        programs.put("condredirect", new Condredirect(commands, queue));
        programs.put("except", new Except(commands));
        programs.put("preline", new Preline(commands));
        programs.put("qreceipt", new Qreceipt(queue));
        programs.put("maildirmake", new Maildirmake());
        programs.put("qail", new MboxReader(commands, "qail", "Mail"));
        programs.put("qmail-remote", new QmailRemote(environment -> EMPTY_DNS, CLOCK, new Random(1)));
        programs.put("qmail-tcpto", new QmailTcpto(CLOCK));
        programs.put("qmail-tcpok", new QmailTcpok());
        programs.put("qmail-popup", new QmailPopup(commands, CLOCK));
        programs.put("qmail-pop3d", new QmailPop3d(CLOCK, () -> 1000));
        programs.put("checkpassword", new Checkpassword(commands, new PasswordWork()));
        programs.put("splogger", new Splogger(directory.resolve("nobody"), CLOCK, ZoneOffset.UTC));
        programs.put("config-fast", new ConfigFast(new Home(directory.resolve("fresh"))));
        programs.put("instcheck", new Instcheck(home, List.of("qmail-queue")));
        programs.put("dnsip", new Dnsip(environment -> lookup));
        programs.put("dnsptr", new Dnsptr(environment -> lookup));
        programs.put("dnsfq", new Dnsfq(environment -> lookup));
        return programs;
    }

    @Test
    void everyCommandLineOfServeIsOptionsOrOneComplaint() throws Exception {
        HostileInputs.of("serve options")
                .pieces(
                        "--home",
                        "--address",
                        "--smtp-port",
                        "--pop3-port",
                        "--user",
                        "--domain",
                        "--mailbox",
                        "=",
                        "\0")
                .samples("--home\0var\0--smtp-port=25\0--address\000127.0.0.1\0--domain=corp.test\0--mailbox\0ann")
                .each((input, random) -> {
                    Call call = new Call("serve", arguments(input), Environment.empty(), Descriptors.none(), directory);
                    try {
                        ServeOptions options = ServeOptions.parse(call);
                        assertThat(options.smtpPort()).isBetween(0, 65_535);
                        assertThat(options.pop3Port()).isBetween(0, 65_535);
                    } catch (Complaint complaint) {
                        assertThat(complaint.line()).startsWith("tawny: fatal: ");
                    } catch (InvalidPathException unreachable) {
                        assertThat(unreachable).hasMessageContaining("not text in");
                    }
                });
    }
}
