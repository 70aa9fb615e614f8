package org.tawnymail.receive;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What qmail-smtpd does for each message: two paths, and the text until its end. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SmtpBenchmark {

    private static final String LINE = "the quick brown fox jumps over the lazy dog and comes back for more\r\n";

    private final byte[] text =
            (LINE.repeat(5_000 / LINE.length()) + "..\r\n.\r\n").getBytes(StandardCharsets.ISO_8859_1);

    /** The argument of RCPT. */
    @Benchmark
    public Object path() {
        return PathArgument.parse("TO:<Some.Body+list-owner@mail.there.test>");
    }

    /** 5,000 octets of text, decoded in place; the copy that this takes is part of the figure. */
    @Benchmark
    public long text() {
        long[] taken = new long[1];
        DataDecoder decoder = new DataDecoder((bytes, from, to) -> taken[0] += to - from);
        byte[] block = text.clone();
        decoder.decode(block, 0, block.length);
        return taken[0];
    }
}
