package org.tawnymail.assembly;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.tawnymail.assembly.Playground.FirstMailbox;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.queue.QueueInUse;

/**
 * {@code tawny serve}: a whole mail server in the foreground, with a home that it makes at its first run. Ends at INT or TERM;
 * HUP and ALRM do what they do to qmail-send.
 */
final class Serve implements Program {

    /** Mail is nobody else's business; what may be seen is opened up where it is made. */
    private static final int MASK = 0022;

    private static final String FATAL = "tawny: fatal: ";

    private final Path bin;

    Serve(Path bin) {
        this.bin = bin;
    }

    @Override
    public int run(Call call) throws IOException {
        if (call.arguments().contains("--help") || call.arguments().contains("-h")) {
            print(call, ServeOptions.USAGE);
            return ExitCode.SUCCESS;
        }
        ServeOptions options = ServeOptions.parse(call);
        ThisProcess.umask(MASK);
        ServerIdentity identity = ServerIdentity.assume(options);
        Home home = new Home(identity.home());
        Optional<FirstMailbox> first = setUp(home, identity, options);
        new ConfigurationCheck(home.controls()).run();
        MailServer.Ports ports = new MailServer.Ports(options.address(), options.smtpPort(), options.pop3Port());
        try (MailServer server = open(home, ports, environment(call, home), call.stdout())) {
            return serve(call, server, greeting(home, identity, server, first));
        }
    }

    private Optional<FirstMailbox> setUp(Home home, ServerIdentity identity, ServeOptions options) throws IOException {
        Playground playground = new Playground(home, Programs.standingAlone(home, bin));
        return playground.isNeeded()
                ? Optional.of(playground.make(identity.account(), options.domain(), options.mailbox()))
                : Optional.empty();
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
        return Environment.empty()
                .with("PATH", bin + ":" + path)
                .with(Home.VARIABLE, home.path().toString());
    }

    private String greeting(Home home, ServerIdentity identity, MailServer server, Optional<FirstMailbox> first)
            throws IOException {
        String domain = home.controls().me().orElse("");
        String address = first.map(FirstMailbox::address).orElse("you@" + domain);
        StringBuilder text = new StringBuilder();
        text.append("Tawny serves ").append(domain).append(" from ").append(home.path());
        text.append(" as user ").append(identity.account().name()).append('\n');
        text.append("SMTP ").append(spell(server.smtp())).append('\n');
        text.append("POP3 ").append(spell(server.pop3())).append('\n');
        first.ifPresent(mailbox -> text.append("mailbox ")
                .append(mailbox.address())
                .append(" password ")
                .append(mailbox.password())
                .append('\n'));
        String program = bin.resolve("").toString();
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

    private static String spell(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static void print(Call call, String text) throws IOException {
        call.stdout().write(Octets.of(text));
        call.stdout().flush();
    }
}
