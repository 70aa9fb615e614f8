package org.tawnymail.tcp.rules;

import java.io.IOException;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.Errno;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code tcprulescheck rules.cdb}: shows what a rules file says of the caller in {@code TCPREMOTEIP}, {@code
 * TCPREMOTEHOST} and {@code TCPREMOTEINFO} (companions spec, section 1.3).
 */
public final class Tcprulescheck implements Program {

    private static final String USAGE = "tcprulescheck: usage: tcprulescheck rules.cdb";

    @Override
    public int run(Call call) throws IOException {
        if (call.arguments().isEmpty()) {
            throw new Complaint(ExitCode.PERMANENT, USAGE);
        }
        String file = call.arguments().getFirst();
        Caller caller = new Caller(
                call.environment().get("TCPREMOTEIP").orElse("0.0.0.0"),
                call.environment().get("TCPREMOTEHOST"),
                call.environment().get("TCPREMOTEINFO"));
        Optional<Rules.Rule> rule;
        try {
            rule = new Rules(call.path(file)).rule(caller);
        } catch (IOException e) {
            throw new Complaint(
                    ExitCode.TEMPORARY, "tcprulescheck: fatal: unable to read " + file + ": " + Errno.text(e));
        }
        call.stdout().write(Octets.of(rule.map(Tcprulescheck::shown).orElse("default:\nallow connection\n")));
        call.stdout().flush();
        return ExitCode.SUCCESS;
    }

    /** In the order of the record, in which a deny comes first and ends it. */
    private static String shown(Rules.Rule rule) {
        StringBuilder text = new StringBuilder("rule ").append(rule.key()).append(":\n");
        if (!rule.verdict().allowed()) {
            return text.append("deny connection\n").toString();
        }
        for (Verdict.Setting setting : rule.verdict().settings()) {
            text.append("set environment variable ")
                    .append(setting.name())
                    .append('=')
                    .append(setting.value())
                    .append('\n');
        }
        return text.append("allow connection\n").toString();
    }
}
