package org.tawnymail.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code tawny prove} as a person does. */
final class Proving {

    private static final long LIMIT_MINUTES = 10;

    private static final int CANNOT_BE_MADE = 111;

    /** One of the proofs succeeds; it is skipped where there are no means for it. */
    static void proves(String... arguments) throws IOException, InterruptedException {
        Path printed = Files.createTempFile("tawny-prove", ".out");
        try {
            List<String> command =
                    new ArrayList<>(List.of(Installation.shared().launcher().toString(), "prove"));
            command.addAll(List.of(arguments));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile())
                    .directory(new File(System.getProperty("java.io.tmpdir")))
                    .start();
            boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
            process.destroyForcibly();
            String text = Files.readString(printed, StandardCharsets.ISO_8859_1);
            assertThat(ended).as(text).isTrue();
            // What is missing is said before anything else.
            boolean hasMeans = process.exitValue() != CANNOT_BE_MADE || !text.startsWith("tawny: fatal: ");
            assumeTrue(hasMeans, text.strip());
            assertThat(process.exitValue()).as(text).isZero();
            assertThat(text).contains("\nviolations 0\n").containsPattern("copies acknowledged [1-9]");
        } finally {
            Files.delete(printed);
        }
    }

    private Proving() {}
}
