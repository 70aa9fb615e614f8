package org.tawnymail.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Set;

/** One thing that can be measured: {@code ./tawny bench NAME [options]}. */
public interface Measurement {

    /** Its name on the command line. */
    String name();

    /** What it measures, and its options with their defaults: lines for a person, without the name. */
    String usage();

    /** The options that take no value. */
    Set<String> flags();

    /** The options that take one. */
    Set<String> options();

    /**
     * Measures, and prints what came out.
     *
     * @return the exit code: 0 if nothing was lost and nothing failed
     * @throws IllegalArgumentException with a line for a person, if an option makes no sense
     */
    int run(BenchOptions options, PrintStream out) throws IOException, InterruptedException;
}
