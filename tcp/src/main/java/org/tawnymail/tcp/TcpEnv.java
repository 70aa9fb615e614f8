package org.tawnymail.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.posix.SocketAddresses;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.OpenFile;
import org.tawnymail.base.program.Program;
import org.tawnymail.tcp.dns.Answer;
import org.tawnymail.tcp.dns.Resolver;

/**
 * {@code tcp-env [-rR] [-tSECONDS] PROGRAM [ARGUMENT ...]}: runs a program with the variables of tcpserver where only inetd knows
 * the connection, as descriptor 0 (core spec, section 11.8). Trouble of any kind is 111 without a word.
 */
public final class TcpEnv implements Program {

    private static final long IDENT_SECONDS = 30;
    private static final int LONGEST_INFO = 998;
    private static final String DNS_TROUBLE = "softdnserror";

    private final Commands commands;
    private final Function<Environment, Resolver> resolvers;
    private final Ident ident;

    /**
     * @param commands runs the program
     * @param resolvers makes the resolver for an environment, usually {@code DnsResolver::of}
     */
    public TcpEnv(Commands commands, Function<Environment, Resolver> resolvers) {
        this(commands, resolvers, new Ident(Ident.PORT, LONGEST_INFO));
    }

    TcpEnv(Commands commands, Function<Environment, Resolver> resolvers, Ident ident) {
        this.commands = commands;
        this.resolvers = resolvers;
        this.ident = ident;
    }

    /** What the command line says; options that nobody knows are passed over. */
    private record Options(boolean remoteInfo, Duration identLimit, List<String> program) {

        static Options parse(List<String> arguments) {
            boolean remoteInfo = true;
            long seconds = IDENT_SECONDS;
            int next = 0;
            while (next < arguments.size()
                    && arguments.get(next).startsWith("-")
                    && arguments.get(next).length() > 1) {
                String argument = arguments.get(next++);
                if (argument.equals("--")) {
                    break;
                }
                for (int i = 1; i < argument.length(); i++) {
                    switch (argument.charAt(i)) {
                        case 'r' -> remoteInfo = true;
                        case 'R' -> remoteInfo = false;
                        case 't' -> {
                            String value = argument.substring(i + 1);
                            if (value.isEmpty() && next < arguments.size()) {
                                value = arguments.get(next++);
                            }
                            seconds = ControlFiles.leadingDigits(value).orElse(IDENT_SECONDS);
                            i = argument.length();
                        }
                        default -> {}
                    }
                }
            }
            Duration limit = Duration.ofSeconds(Math.clamp(seconds, 1, Integer.MAX_VALUE));
            return new Options(remoteInfo, limit, arguments.subList(next, arguments.size()));
        }
    }

    @Override
    public int run(Call call) {
        Options options = Options.parse(call.arguments());
        if (options.program().isEmpty()) {
            return ExitCode.TEMPORARY;
        }
        Optional<Environment> environment =
                isSet(call.environment()) ? Optional.of(call.environment()) : environment(call, options);
        if (environment.isEmpty()) {
            return ExitCode.TEMPORARY;
        }
        try {
            return switch (commands.run(call.command(options.program()).withEnvironment(environment.get()))) {
                case Ending.Exited(int code) -> code;
                case Ending.Killed killed -> ExitCode.TEMPORARY;
            };
        } catch (CommandNotRun notRun) {
            return ExitCode.TEMPORARY;
        }
    }

    private static boolean isSet(Environment environment) {
        String protocol = environment.get("PROTO").orElse("");
        return protocol.equals("TCP") || protocol.equals("TCP6");
    }

    /** The environment with the variables of the connection on descriptor 0; nothing if there is none. */
    private Optional<Environment> environment(Call call, Options options) {
        Optional<SocketAddresses> ends = ends(call);
        if (ends.isEmpty()) {
            return Optional.empty();
        }
        SocketAddresses found = ends.get();
        Resolver resolver = resolvers.apply(call.environment());
        UcspiNames names = new UcspiNames(
                found.local(),
                found.remote(),
                name(resolver, found.local().getAddress()),
                name(resolver, found.remote().getAddress()),
                options.remoteInfo()
                        ? ident.ask(found.local(), found.remote(), options.identLimit())
                        : Optional.empty());
        return Optional.of(UcspiNames.cleared(call.environment()).with(names.variables()));
    }

    private static Optional<SocketAddresses> ends(Call call) {
        try {
            return call.stdin() instanceof OpenFile file ? SocketAddresses.of(file.fileNumber()) : Optional.empty();
        } catch (IOException notOpen) {
            return Optional.empty();
        }
    }

    private static Optional<String> name(Resolver resolver, InetAddress address) {
        return switch (resolver.ptr(address)) {
            case Answer.Temporary<String> temporary -> Optional.of(DNS_TROUBLE);
            case Answer<String> answer ->
                answer.records().stream().filter(name -> !name.isEmpty()).findFirst();
        };
    }
}
