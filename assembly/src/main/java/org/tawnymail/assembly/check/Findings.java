package org.tawnymail.assembly.check;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.tawnymail.assembly.check.Finding.Weight;
import org.tawnymail.base.Octets;

/** Hands mistakes on as they are found, and remembers how bad the worst was. For one thread. */
final class Findings {

    private final Consumer<Finding> sink;
    private boolean errors;
    private boolean warnings;

    Findings(Consumer<Finding> sink) {
        this.sink = sink;
    }

    void stopping(Path file, String what, String mend) {
        add(Weight.STOPS_SERVE, file, what, mend);
    }

    void error(Path file, String what, String mend) {
        add(Weight.ERROR, file, what, mend);
    }

    void warning(Path file, String what, String mend) {
        add(Weight.WARNING, file, what, mend);
    }

    boolean hasErrors() {
        return errors;
    }

    boolean hasWarnings() {
        return warnings;
    }

    private void add(Weight weight, Path file, String what, String mend) {
        if (weight == Weight.WARNING) {
            warnings = true;
        } else {
            errors = true;
        }
        sink.accept(new Finding(weight, Octets.fileName(file), what, mend));
    }
}
