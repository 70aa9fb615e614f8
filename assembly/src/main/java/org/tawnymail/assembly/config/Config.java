package org.tawnymail.assembly.config;

import java.io.IOException;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.tcp.InterfaceAddresses;
import org.tawnymail.tcp.dns.IpLiteral;
import org.tawnymail.tcp.lookup.HostLookup;

/**
 * {@code config}: asks the domain name system who this host is (core spec, section 11.10). Its name is that of its first
 * address; it takes mail for the names of all its addresses.
 */
public final class Config implements Program {

    private final Home home;
    private final HostName hostName;
    private final Function<Environment, HostLookup> lookup;
    private final InterfaceAddresses interfaces;

    public Config(
            Home home, HostName hostName, Function<Environment, HostLookup> lookup, InterfaceAddresses interfaces) {
        this.home = home;
        this.hostName = hostName;
        this.lookup = lookup;
        this.interfaces = interfaces;
    }

    @Override
    public int run(Call call) throws IOException {
        HostLookup ask = lookup.apply(call.environment());
        HostControls controls = new HostControls("config", home.controls(), call.stdout());
        String host = Octets.lowerCase(hostName.now());
        controls.say("host name: " + host);
        List<Inet4Address> addresses;
        String full;
        try {
            addresses = ask.addresses(host);
            full = ask.name(addresses.getFirst());
        } catch (Complaint unknown) {
            call.complain(unknown.line());
            controls.say("The DNS does not tell the full name of this host. Tell it yourself: config-fast NAME.");
            return unknown.exitCode();
        }
        controls.say("full name: " + full);
        controls.name(full);
        List<String> names = namesOfAllAddresses(ask, full, controls);
        controls.write("locals", names);
        controls.write("rcpthosts", names);
        controls.say(
                "Mail for these names is delivered here, and SMTP clients can send to no others. Add what is missing to"
                        + " both files.");
        return ExitCode.SUCCESS;
    }

    private List<String> namesOfAllAddresses(HostLookup ask, String full, HostControls controls) throws IOException {
        Set<Inet4Address> addresses = new LinkedHashSet<>();
        try {
            addresses.addAll(ask.addresses(full));
        } catch (Complaint unknown) {
            controls.say(full + " has no address: " + unknown.line());
        }
        addresses.addAll(interfaces.now());
        Set<String> names = new LinkedHashSet<>();
        for (Inet4Address address : addresses) {
            try {
                names.add(ask.name(address));
            } catch (Complaint unknown) {
                controls.say(IpLiteral.text(address) + " has no name: " + unknown.line());
            }
        }
        if (names.isEmpty()) {
            names.add(full);
        }
        return new ArrayList<>(names);
    }
}
