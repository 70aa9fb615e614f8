package org.tawnymail.inject;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.zone.ZoneRulesProvider;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.CommandNotRun;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.time.Date822;

/**
 * {@code predate}: runs a command whose standard input begins with a Date field in local time, as qmail-inject writes its
 * own in UTC (core spec, section 11.3).
 */
public final class Predate implements Program {

    private final Commands commands;
    private final InstantSource clock;
    private final ZoneId place;

    /** @param place where this machine is; the caller's variable TZ comes first */
    public Predate(Commands commands, InstantSource clock, ZoneId place) {
        this.commands = commands;
        this.clock = clock;
        this.place = place;
    }

    @Override
    public int run(Call call) throws IOException {
        if (call.arguments().isEmpty()) {
            throw new Complaint(ExitCode.PERMANENT, "predate: usage: predate child");
        }
        return run(call, call.command(call.arguments()));
    }

    /** Runs a command that gets the Date field and then the input of this call. */
    int run(Call call, Call child) throws IOException {
        String field = "Date: "
                .concat(Date822.of(clock.instant(), placeOf(call.environment())))
                .concat("\n");
        InputStream dated = new SequenceInputStream(new ByteArrayInputStream(Octets.of(field)), call.stdin());
        try {
            return OwnCommand.exitCode(
                    commands.run(child.withDescriptors(call.descriptors().with(0, dated))));
        } catch (CommandNotRun notRun) {
            throw new Complaint(
                    ExitCode.TEMPORARY,
                    "predate: fatal: unable to run "
                            .concat(child.name())
                            .concat(": ")
                            .concat(String.valueOf(notRun.getMessage())));
        }
    }

    /**
     * The place that TZ names in the zone database, perhaps after a colon. Anything else, such as {@code CET-1CEST}, is
     * left to the machine's own setting: java.time would take {@code GMT+1} for the east, where POSIX means the west.
     */
    private ZoneId placeOf(Environment environment) {
        String variable = environment.get("TZ").orElse("");
        String name = variable.startsWith(":") ? variable.substring(1) : variable;
        return ZoneRulesProvider.getAvailableZoneIds().contains(name) ? ZoneId.of(name) : place;
    }
}
