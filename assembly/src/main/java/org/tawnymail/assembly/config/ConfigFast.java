package org.tawnymail.assembly.config;

import java.io.IOException;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/** {@code config-fast fqdn}: this host has that name, and takes mail for it (core spec, section 11.10). */
public final class ConfigFast implements Program {

    private static final String USAGE = "config-fast: usage: config-fast fqdn";

    private final Home home;

    public ConfigFast(Home home) {
        this.home = home;
    }

    @Override
    public int run(Call call) throws IOException {
        if (call.arguments().size() != 1) {
            throw new Complaint(ExitCode.PERMANENT, USAGE);
        }
        String host = call.arguments().getFirst();
        if (!isHostName(host)) {
            throw new Complaint(ExitCode.PERMANENT, "config-fast: fatal: not the name of a host: " + host);
        }
        HostControls controls = new HostControls("config-fast", home.controls(), call.stdout());
        controls.name(host);
        controls.add("locals", host);
        controls.add("rcpthosts", host);
        controls.say("SMTP clients can send mail to " + host + " only; what you add to locals or virtualdomains belongs"
                + " into rcpthosts too.");
        return ExitCode.SUCCESS;
    }

    /** Nothing that a control file would read otherwise than it was meant. */
    private static boolean isHostName(String text) {
        boolean isPlain = !text.isEmpty();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            isPlain &= c > ' ' && c != '#' && c != ':' && c != '@' && c != '/' && c != 0x7f;
        }
        return isPlain && !text.startsWith(".") && !text.startsWith("-") && !text.endsWith(".") && !text.contains("..");
    }
}
