package org.tawnymail.local;

import java.io.IOException;
import java.nio.file.Path;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.spawn.Spawner;
import org.tawnymail.local.delivery.UserDelivery;
import org.tawnymail.local.users.Replacements;
import org.tawnymail.local.users.UserLookup;

/**
 * {@code qmail-lspawn DEFAULTDELIVERY}: makes the local deliveries that qmail-send asks for (core spec, sections 5.1 to 5.3).
 * It runs as root, and acts in each delivery as the user whose mail it is.
 */
public final class QmailLspawn implements Program {

    private final Home home;
    private final UserLookup users;
    private final UserDelivery deliveries;
    private final Commands commands;
    private final Path bin;

    /** @param bin the directory with our programs' names */
    public QmailLspawn(Home home, UserLookup users, UserDelivery deliveries, Commands commands, Path bin) {
        this.home = home;
        this.users = users;
        this.deliveries = deliveries;
        this.commands = commands;
        this.bin = bin;
    }

    @Override
    public int run(Call call) throws IOException {
        if (call.arguments().isEmpty()) {
            return ExitCode.PERMANENT;
        }
        String defaultDelivery = call.arguments().getFirst();
        Replacements replaced = new Replacements(home, bin, commands, call.environment());
        LocalDelivery delivery =
                new LocalDelivery(users, deliveries, replaced, call.environment(), defaultDelivery, call::complain);
        return new Spawner(home, delivery::deliver, "qmail-local crashed.").run(call);
    }
}
