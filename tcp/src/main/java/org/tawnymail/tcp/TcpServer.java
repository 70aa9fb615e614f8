package org.tawnymail.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.tcp.dns.Answer;
import org.tawnymail.tcp.dns.IpLiteral;
import org.tawnymail.tcp.dns.Resolver;

/**
 * {@code tcpserver}: accepts connections and runs a program for each (companions spec, section 1.2).
 *
 * <p>Here the program of a connection runs on a virtual thread of this process if it is one of ours; an outside one is a
 * child process. Whoever has several servers in one process calls {@link #open} for each, gives up its privileges, and
 * starts them.
 */
public final class TcpServer implements Program {

    private static final String FATAL = "tcpserver: fatal: ";

    private final Commands commands;
    private final Function<Environment, Resolver> resolvers;
    private final Ident ident;

    /**
     * @param commands runs the programs
     * @param resolvers makes the resolver for a server from its environment, usually {@code DnsResolver::of}
     */
    public TcpServer(Commands commands, Function<Environment, Resolver> resolvers) {
        this(commands, resolvers, new Ident());
    }

    TcpServer(Commands commands, Function<Environment, Resolver> resolvers, Ident ident) {
        this.commands = commands;
        this.resolvers = resolvers;
        this.ident = ident;
    }

    /** Serves until the thread is interrupted, which is what TERM means here; then ends with 0. */
    @Override
    public int run(Call call) throws IOException {
        ServerOptions options = ServerOptions.parse(call);
        try (Listener listener = open(call, options)) {
            becomeUser(options);
            if (options.printPort()) {
                call.stdout().write(Octets.of(listener.port() + "\n"));
                call.stdout().flush();
            }
            listener.start();
            listener.await();
            return ExitCode.SUCCESS;
        } catch (InterruptedException term) {
            return ExitCode.SUCCESS;
        } catch (Complaint complaint) {
            if (options.talk() == ServerOptions.Talk.NOTHING) {
                return complaint.exitCode();
            }
            throw complaint;
        }
    }

    /**
     * Binds the port that a command line names, and does not accept yet. Options that are about the process ({@code -1},
     * {@code -u}, {@code -g}) are left to the caller.
     *
     * @param call the command line, the environment and descriptor 2 for all connections
     * @throws Complaint with tcpserver's own line, if that cannot be done
     */
    public Listener open(Call call) throws Complaint {
        return open(call, ServerOptions.parse(call));
    }

    private Listener open(Call call, ServerOptions options) throws Complaint {
        OptionalInt port = Ports.port(options.port(), Ports.SERVICES);
        if (port.isEmpty()) {
            throw fatal("unable to figure out port number for " + options.port());
        }
        Resolver resolver = resolvers.apply(call.environment());
        InetSocketAddress address = new InetSocketAddress(address(options.host(), resolver), port.getAsInt());
        ServerSocketChannel socket;
        try {
            socket = Listener.socket(address);
        } catch (IOException e) {
            throw fatal("unable to create socket: " + Errno.text(e));
        }
        PeerLookup lookup = new PeerLookup(options, resolver, ident);
        ConnectionService service = new ConnectionService(call, options, lookup, commands);
        try {
            return Listener.bind(socket, address, options.backlog(), options.limit(), service);
        } catch (IOException e) {
            throw fatal("unable to bind: " + Errno.text(e));
        }
    }

    /** Gives up root, group first: for the whole process. */
    private static void becomeUser(ServerOptions options) throws Complaint {
        try {
            if (options.gid().isPresent() && options.gid().getAsInt() != ThisProcess.effectiveGid()) {
                ThisProcess.become(
                        new Identity(ThisProcess.effectiveUid(), options.gid().getAsInt()));
            }
        } catch (IOException e) {
            throw fatal("unable to set gid: " + Errno.text(e));
        }
        try {
            if (options.uid().isPresent() && options.uid().getAsInt() != ThisProcess.effectiveUid()) {
                ThisProcess.become(
                        new Identity(options.uid().getAsInt(), ThisProcess.effectiveGid(), ThisProcess.groups()));
            }
        } catch (IOException e) {
            throw fatal("unable to set uid: " + Errno.text(e));
        }
    }

    /** The address that the first operand means; one of several is taken at random. */
    private static InetAddress address(String host, Resolver resolver) throws Complaint {
        if (host.isEmpty() || host.equals("0")) {
            return InetAddress.ofLiteral("0.0.0.0");
        }
        InetAddress literal = IpLiteral.parse(host).orElse(null);
        if (literal != null) {
            return literal;
        }
        return switch (resolver.a(host)) {
            case Answer.Found<? extends InetAddress> found -> anyOf(found.records());
            case Answer.Temporary<? extends InetAddress> temporary -> throw temporarily(host, temporary.reason());
            case Answer.NoSuchName<? extends InetAddress> none -> throw fatal("no IP address for " + host);
            case Answer.NoData<? extends InetAddress> none -> ipv6Address(host, resolver);
        };
    }

    private static InetAddress ipv6Address(String host, Resolver resolver) throws Complaint {
        return switch (resolver.aaaa(host)) {
            case Answer.Found<? extends InetAddress> found -> anyOf(found.records());
            case Answer.Temporary<? extends InetAddress> temporary -> throw temporarily(host, temporary.reason());
            case Answer.NoSuchName<? extends InetAddress> none -> throw fatal("no IP address for " + host);
            case Answer.NoData<? extends InetAddress> none -> throw fatal("no IP address for " + host);
        };
    }

    private static InetAddress anyOf(List<? extends InetAddress> addresses) {
        List<InetAddress> shuffled = new ArrayList<>(addresses);
        Collections.shuffle(shuffled);
        return shuffled.getFirst();
    }

    private static Complaint temporarily(String host, String reason) {
        return fatal("temporarily unable to figure out IP address for " + host + ": " + reason);
    }

    private static Complaint fatal(String text) {
        return new Complaint(ExitCode.TEMPORARY, FATAL + text);
    }
}
