package org.tawnymail.tcp.lookup;

import java.io.IOException;
import java.net.Inet4Address;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.tcp.InterfaceAddresses;
import org.tawnymail.tcp.dns.IpLiteral;

/** {@code ipmeprint}: the IPv4 addresses that are this host, 0.0.0.0 first (core spec, section 11.10). */
public final class Ipmeprint implements Program {

    private final InterfaceAddresses interfaces;

    public Ipmeprint(InterfaceAddresses interfaces) {
        this.interfaces = interfaces;
    }

    @Override
    public int run(Call call) throws IOException {
        List<Inet4Address> own = interfaces.now();
        StringBuilder lines = new StringBuilder("0.0.0.0\n");
        for (Inet4Address address : own) {
            lines.append(IpLiteral.text(address)).append('\n');
        }
        call.stdout().write(Octets.of(lines.toString()));
        call.stdout().flush();
        return ExitCode.SUCCESS;
    }
}
