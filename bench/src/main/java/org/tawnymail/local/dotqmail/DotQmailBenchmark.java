package org.tawnymail.local.dotqmail;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A {@code .qmail} file of some lines. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DotQmailBenchmark {

    private static final String FILE = """
            # a filter, a list, a mailbox
            |bouncesaying 'No adverts' grep -q '^Subject: buy'
            &kim@there.test
            lee@there.test
            ./Maildir/
            """;

    /** Its instructions. */
    @Benchmark
    public List<Instruction> instructions() {
        return Instruction.parse(FILE);
    }
}
