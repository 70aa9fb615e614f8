package org.tawnymail.tcp.lookup;

import java.io.IOException;
import java.net.InetAddress;
import java.util.function.Function;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.tcp.dns.IpLiteral;

/** {@code dnsip name}: its IPv4 addresses, one a line (core spec, section 11.10). */
public final class Dnsip implements Program {

    private final Function<Environment, HostLookup> lookup;

    /** @param lookup whom to ask, given the environment of the call */
    public Dnsip(Function<Environment, HostLookup> lookup) {
        this.lookup = lookup;
    }

    @Override
    public int run(Call call) throws IOException {
        if (call.arguments().isEmpty()) {
            return ExitCode.PERMANENT;
        }
        StringBuilder lines = new StringBuilder();
        for (InetAddress address :
                lookup.apply(call.environment()).addresses(call.arguments().getFirst())) {
            lines.append(IpLiteral.text(address)).append('\n');
        }
        call.stdout().write(Octets.of(lines.toString()));
        call.stdout().flush();
        return ExitCode.SUCCESS;
    }
}
