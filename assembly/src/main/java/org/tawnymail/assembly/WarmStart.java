package org.tawnymail.assembly;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;

/**
 * The training run from which the build makes the warm-start archive: short runs of the programs that people and scripts
 * call most, so that their classes come out of the archive loaded and linked.
 */
final class WarmStart {

    private static final int RUNS = 3;

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory("tawny-warm-start");
        Home home = new Home(directory);
        Files.createDirectories(directory.resolve("control"));
        Files.writeString(directory.resolve("control/me"), "tawny.test\n");
        String mail = "From: ann\nTo: bob@far.test (Bob), list: a@b.test, \"c d\"@e.test;\nSubject: x\n\nhello\n";
        for (int run = 0; run < RUNS; run++) {
            run(home, mail, "qmail-inject", "-n", "-f", "ann@far.test", "kim@far.test");
            run(home, mail, "qmail-inject", "-n");
            run(home, mail, "qmail-inject", "kim@far.test");
            run(home, mail, "sendmail", "-t");
            run(home, "", "qmail-qstat");
            run(home, "", "qmail-qread");
        }
        delete(directory);
        System.exit(0);
    }

    private static void run(Home home, String input, String name, String... arguments) {
        Descriptors descriptors = Descriptors.none()
                .with(0, new ByteArrayInputStream(Octets.of(input)))
                .with(1, new ByteArrayOutputStream())
                .with(2, System.err);
        Environment environment =
                Environment.empty().with(Home.VARIABLE, home.path().toString()).with("USER", "ann");
        Launcher.run(new Call(name, List.of(arguments), environment, descriptors, home.path()));
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private WarmStart() {}
}
