package org.tawnymail.inject;

import java.io.IOException;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Program;

/** {@code datemail}: sendmail with a Date field in local time (core spec, section 11.3). */
public final class Datemail implements Program {

    private final Home home;
    private final Predate predate;

    public Datemail(Home home, Predate predate) {
        this.home = home;
        this.predate = predate;
    }

    @Override
    public int run(Call call) throws IOException {
        return predate.run(call, call.command(OwnCommand.of(home, "sendmail"), call.arguments()));
    }
}
