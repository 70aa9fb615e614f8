package org.tawnymail.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What Linux says of a process (proc(5)). */
public final class ProcessFigures {

    /** USER_HZ: the same on every Linux that the JDK runs on. */
    private static final long TICKS_PER_SECOND = 100;

    /** Counted from the field that follows the name in parentheses, which is the third. */
    private static final int UTIME = 14 - 3;

    private static final int STIME = 15 - 3;

    private final Path directory;

    public ProcessFigures(long pid) {
        this.directory = Path.of("/proc", Long.toString(pid));
    }

    /** User and system time of all its threads, in steps of 10 ms. */
    public Duration cpu() throws IOException {
        String stat = Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
        return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
    }

    /** The most memory that it had resident so far, in bytes. */
    public long peakResident() throws IOException {
        for (String line : Files.readAllLines(directory.resolve("status"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("VmHWM:")) {
                String kilobytes =
                        line.substring("VmHWM:".length()).replace("kB", "").strip();
                return Long.parseLong(kilobytes) << 10;
            }
        }
        throw new IOException("no VmHWM in " + directory.resolve("status"));
    }
}
