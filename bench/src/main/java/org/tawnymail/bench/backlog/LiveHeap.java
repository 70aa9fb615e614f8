package org.tawnymail.bench.backlog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the objects of a JVM take that are still needed, as {@code jcmd} tells after a full collection. */
final class LiveHeap {

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

    /** In bytes. */
    static long of(long pid) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd");
        // To a file, not through a pipe: the JVM stands still while it writes, and it may be the one that reads here.
        Path output = Files.createTempFile("tawny-heap", ".txt");
        String said;
        try {
            Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            said = Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            Files.delete(output);
        }
        Matcher total = TOTAL.matcher(said);
        if (!total.find()) {
            throw new IOException("unable to see the heap of process " + pid + ": "
                    + said.lines().findFirst().orElse(""));
        }
        return Long.parseLong(total.group(1));
    }

    private LiveHeap() {}
}
