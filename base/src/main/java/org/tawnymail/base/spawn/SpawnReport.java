package org.tawnymail.base.spawn;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.Outcome;

/**
 * What a spawner writes to qmail-send: what became of one delivery (core spec, section 4.8).
 *
 * <pre>
 *   0      1        2
 *   | slot | status | text NUL |        status: K delivered, Z not now, D never
 * </pre>
 *
 * The slot may be zero, so the report ends at the first NUL after it.
 *
 * @param slot that of the command
 * @param outcome nothing if the status is none of the three letters: a mangled report
 */
public record SpawnReport(int slot, Optional<Outcome> outcome) {

    /** No more of a report is kept, slot and status included. */
    public static final int LONGEST = 10_000;

    private static final int TEXT = 2;

    public SpawnReport(int slot, Outcome outcome) {
        this(slot, Optional.of(outcome));
    }

    /** The report as it is written: the text ends at its first NUL. */
    public byte[] octets() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.write(slot);
        outcome.ifPresent(known -> {
            octets.write(
                    switch (known) {
                        case Outcome.Delivered delivered -> 'K';
                        case Outcome.Deferred deferred -> 'Z';
                        case Outcome.Failed failed -> 'D';
                    });
            int nul = known.text().indexOf('\0');
            octets.writeBytes(Octets.of(nul < 0 ? known.text() : known.text().substring(0, nul)));
        });
        octets.write(0);
        return octets.toByteArray();
    }

    /** Reads a report without its final NUL; a status that is missing is no status. */
    static SpawnReport parse(byte[] octets, int length) {
        String text = length > TEXT ? Octets.text(octets, TEXT, length - TEXT) : "";
        Optional<Outcome> outcome = switch (length > 1 ? octets[1] : 0) {
            case 'K' -> Optional.of(new Outcome.Delivered(text));
            case 'Z' -> Optional.of(new Outcome.Deferred(text));
            case 'D' -> Optional.of(new Outcome.Failed(text));
            default -> Optional.empty();
        };
        return new SpawnReport(octets[0] & 0xff, outcome);
    }
}
