package org.tawnymail.tcp.lookup;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.tcp.dns.IpLiteral;

/** {@code dnsptr address}: its first name (core spec, section 11.10). */
public final class Dnsptr implements Program {

    private final Function<Environment, HostLookup> lookup;

    /** @param lookup whom to ask, given the environment of the call */
    public Dnsptr(Function<Environment, HostLookup> lookup) {
        this.lookup = lookup;
    }

    @Override
    public int run(Call call) throws IOException {
        Optional<InetAddress> address = call.arguments().isEmpty()
                ? Optional.empty()
                : IpLiteral.parse(call.arguments().getFirst());
        if (address.isEmpty()) {
            return ExitCode.PERMANENT;
        }
        String name = lookup.apply(call.environment()).name(address.get());
        call.stdout().write(Octets.of(name + "\n"));
        call.stdout().flush();
        return ExitCode.SUCCESS;
    }
}
