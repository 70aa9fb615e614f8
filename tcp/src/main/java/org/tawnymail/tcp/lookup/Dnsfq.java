package org.tawnymail.tcp.lookup;

import java.io.IOException;
import java.util.function.Function;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/** {@code dnsfq name}: its full name, which is the first name of its first address (core spec, section 11.10). */
public final class Dnsfq implements Program {

    private final Function<Environment, HostLookup> lookup;

    /** @param lookup whom to ask, given the environment of the call */
    public Dnsfq(Function<Environment, HostLookup> lookup) {
        this.lookup = lookup;
    }

    @Override
    public int run(Call call) throws IOException {
        if (call.arguments().isEmpty()) {
            return ExitCode.PERMANENT;
        }
        HostLookup ask = lookup.apply(call.environment());
        String name = ask.name(ask.addresses(call.arguments().getFirst()).getFirst());
        call.stdout().write(Octets.of(name + "\n"));
        call.stdout().flush();
        return ExitCode.SUCCESS;
    }
}
