package org.tawnymail.assembly;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.tawnymail.assembly.Playground.FirstMailbox;
import org.tawnymail.assembly.check.ConfigurationCheck;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.pickup.login.MailboxAccounts;
import org.tawnymail.queue.QueueInUse;

/**
 * {@code tawny serve}: a whole mail server in the foreground, with a home that it makes at its first run. Ends at INT or TERM;
 * HUP and ALRM do what they do to qmail-send.
 */
final class Serve implements Program {

    /** What is private (mailboxes, the queue) is made so by name; the rest of a home may be seen, not changed. */
    private static final int MASK = 0022;

    private static final Set<String> HELP = Set.of("--help", "-h");

    /** What the person who starts the server may decide for all of it by environment. */
    private static final List<String> HANDED_ON = List.of("QMAILQUEUE", "QMAILREMOTE", "DNSCACHEIP");

    private static final String PLAIN_IN_SHELL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+";

    private static final String FATAL = "tawny: fatal: ";

    private final Path bin;

    Serve(Path bin) {
        this.bin = bin;
    }

    @Override
    public int run(Call call) throws IOException {
        if (!call.arguments().isEmpty() && HELP.contains(call.arguments().getFirst())) {
            print(call, ServeOptions.USAGE);
            return ExitCode.SUCCESS;
        }
        ServeOptions options = ServeOptions.parse(call);
        ThisProcess.umask(MASK);
        ServerIdentity identity = ServerIdentity.assume(options);
        Home home = new Home(identity.home());
        Optional<FirstMailbox> first = setUp(home, identity, options);
        if (first.isPresent()) {
            // At once, because nobody can print it again, and what follows may fail.
            FirstMailbox mailbox = first.get();
            print(call, "mailbox " + mailbox.address() + " password " + mailbox.password() + "\n");
        }
        new ConfigurationCheck(home).run();
        if (first.isEmpty() && firstLogin(home).isEmpty()) {
            call.complain("tawny: warning: " + home.users().resolve(MailboxAccounts.FILE)
                    + " has no account, so nobody can read mail here; add one with bin/mailboxpassword");
        }
        MailServer.Ports ports = new MailServer.Ports(options.address(), options.smtpPort(), options.pop3Port());
        try (MailServer server = open(home, ports, environment(call, home), call.stdout())) {
            return serve(call, server, greeting(home, identity, server, first));
        }
    }

    private Optional<FirstMailbox> setUp(Home home, ServerIdentity identity, ServeOptions options) throws IOException {
        Playground playground = new Playground(home, Programs.standingAlone(home, bin));
        try {
            return playground.isNeeded()
                    ? Optional.of(playground.make(identity.account(), options.domain(), options.mailbox()))
                    : Optional.empty();
        } catch (FileSystemException e) {
            throw new Complaint(
                    ExitCode.TEMPORARY,
                    FATAL + "unable to set up " + e.getFile() + ": " + Errno.text(e)
                            + "; mend it, or choose another home with --home");
        }
    }

    private MailServer open(Home home, MailServer.Ports ports, Environment environment, OutputStream log)
            throws IOException {
        try {
            return MailServer.open(home, bin, ports, environment, log);
        } catch (QueueInUse inUse) {
            throw new Complaint(
                    ExitCode.TEMPORARY,
                    FATAL + "another server is running on " + home.path()
                            + "; stop it, or choose another home with --home");
        } catch (Complaint complaint) {
            throw complaint;
        } catch (IOException e) {
            throw new Complaint(ExitCode.TEMPORARY, FATAL + "unable to open " + home.path() + ": " + Errno.text(e));
        }
    }

    private static int serve(Call call, MailServer server, String greeting) throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        Signals.on("INT", end::countDown);
        Signals.on("TERM", end::countDown);
        Signals.on("HUP", server::hangup);
        Signals.on("ALRM", server::alarm);
        print(call, greeting);
        server.start();
        print(call, "ready\n");
        AtomicInteger code = new AtomicInteger(ExitCode.SUCCESS);
        Thread.startVirtualThread(() -> watch(call, server, code, end));
        try {
            end.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return code.get();
    }

    /** A server that takes mail and delivers none is worse than one that is restarted: a defect of qmail-send ends it. */
    private static void watch(Call call, MailServer server, AtomicInteger code, CountDownLatch end) {
        try {
            server.awaitEnd();
        } catch (IllegalStateException defect) {
            call.complain(FATAL + defect.getMessage() + ": " + defect.getCause() + "; start it again, no mail is lost");
            code.set(ExitCode.TEMPORARY);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            end.countDown();
        }
    }

    /** Programs of {@code .qmail} files find ours first, and the home. */
    private Environment environment(Call call, Home home) {
        String path = call.environment().get("PATH").orElse("/usr/bin:/bin");
        Environment environment = Environment.empty()
                .with("PATH", Octets.fileName(bin) + ":" + path)
                .with(Home.VARIABLE, Octets.fileName(home.path()));
        for (String name : HANDED_ON) {
            Optional<String> value = call.environment().get(name);
            environment = value.isPresent() ? environment.with(name, value.get()) : environment;
        }
        return environment;
    }

    private String greeting(Home home, ServerIdentity identity, MailServer server, Optional<FirstMailbox> first)
            throws IOException {
        String domain = home.controls().me().orElse("");
        String address = first.map(FirstMailbox::address)
                .orElseGet(() -> firstLogin(home).orElse("you@" + domain));
        StringBuilder text = new StringBuilder();
        text.append("Tawny serves ").append(domain).append(" from ").append(Octets.fileName(home.path()));
        text.append(" as user ").append(identity.account().name()).append('\n');
        text.append("SMTP ").append(spell(server.smtp())).append('\n');
        text.append("POP3 ").append(spell(server.pop3())).append('\n');
        String program = command(home);
        text.append("three things to try:\n");
        text.append("  printf 'Subject: hello\\n\\nIt works.\\n' | ")
                .append(program)
                .append("/qmail-inject ")
                .append(address)
                .append('\n');
        text.append("  curl -s pop3://")
                .append(spell(server.pop3()))
                .append("/1 -u ")
                .append(address)
                .append('\n');
        text.append("  ").append(program).append("/qmail-qread\n");
        return text.toString();
    }

    /** The programs' directory as a shell takes it, with the home in front where they would not find it by themselves. */
    private String command(Home home) {
        Path root = Objects.requireNonNullElse(bin.getParent(), bin);
        boolean found = home.path().equals(root) || home.path().equals(root.resolve("var"));
        String programs = quoted(Octets.fileName(bin));
        return found ? programs : Home.VARIABLE + "=" + quoted(Octets.fileName(home.path())) + " " + programs;
    }

    private static String quoted(String word) {
        boolean plain = word.chars().allMatch(c -> PLAIN_IN_SHELL.indexOf(c) >= 0);
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** The first account of {@code users/mailboxes}: only an example, so a file that cannot be read has none. */
    private static Optional<String> firstLogin(Home home) {
        try {
            String accounts = Octets.text(Files.readAllBytes(home.users().resolve(MailboxAccounts.FILE)));
            int colon = accounts.indexOf(':');
            return colon > 0 && accounts.indexOf('\n') > colon
                    ? Optional.of(accounts.substring(0, colon))
                    : Optional.empty();
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    private static String spell(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static void print(Call call, String text) throws IOException {
        call.stdout().write(Octets.of(text));
        call.stdout().flush();
    }
}
