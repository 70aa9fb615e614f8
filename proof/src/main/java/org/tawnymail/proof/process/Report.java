package org.tawnymail.proof.process;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import org.tawnymail.base.Octets;

/** What a proof prints: lines while it goes on, then its figures and the verdict. */
final class Report {

    /** After so many there is no point in going on. */
    private static final int MOST_VIOLATIONS = 20;

    private final OutputStream out;
    private final long begun = System.nanoTime();

    Report(OutputStream out) {
        this.out = out;
    }

    void line(String line) throws IOException {
        out.write(Octets.of(line + "\n"));
        out.flush();
    }

    void figure(String name, long value) throws IOException {
        line(name + " " + value);
    }

    /** The last lines; true if there are no violations. */
    boolean verdict(Ledger ledger) throws IOException {
        figure("letters acknowledged", ledger.letters());
        figure("copies acknowledged", ledger.copies());
        figure("copies found", ledger.delivered());
        figure("more than once", ledger.moreThanOnce());
        figure("found, not acknowledged", ledger.unpromised());
        figure("bounces", ledger.bounces());
        figure("refused for a while", ledger.refusals());
        figure("pieces in mboxes", ledger.pieces());
        List<String> violations = ledger.verdict();
        for (String violation : violations.subList(0, Math.min(violations.size(), MOST_VIOLATIONS))) {
            line("violation: " + violation);
        }
        figure("violations", violations.size());
        figure("seconds", Duration.ofNanos(System.nanoTime() - begun).toSeconds());
        return violations.isEmpty();
    }
}
