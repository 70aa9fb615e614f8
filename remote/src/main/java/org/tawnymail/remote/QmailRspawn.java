package org.tawnymail.remote;

import java.io.IOException;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.spawn.Spawner;
import org.tawnymail.tcp.dns.Resolver;

/**
 * {@code qmail-rspawn}: makes the deliveries to other hosts that qmail-send asks for (core spec, sections 5.1 and 7.1). At its
 * start it forgets which hosts did not answer lately.
 */
public final class QmailRspawn implements Program {

    private final Home home;
    private final Commands commands;
    private final Function<Environment, Resolver> resolver;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param resolver the resolver for a program with this environment
     * @param random safe for use by many threads
     */
    public QmailRspawn(
            Home home,
            Commands commands,
            Function<Environment, Resolver> resolver,
            InstantSource clock,
            RandomGenerator random) {
        this.home = home;
        this.commands = commands;
        this.resolver = resolver;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public int run(Call call) throws IOException {
        Environment environment = call.environment();
        try (RemoteDelivery delivery = new RemoteDelivery(
                home, commands, environment, resolver.apply(environment), clock, random, call::complain)) {
            return new Spawner(home, delivery::deliver, "qmail-remote crashed.").run(call);
        }
    }
}
