package org.tawnymail.bench.jmh;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.tawnymail.message.address.AddressList;
import org.tawnymail.message.address.Token;
import org.tawnymail.message.address.Tokenizer;
import org.tawnymail.message.header.HeaderField;
import org.tawnymail.message.header.HeaderReader;

/** What qmail-inject does to a header: cut it into fields, and address fields into addresses. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HeaderBenchmark {

    private static final String ADDRESSES =
            " Kim K. <kim@there.test>, \"Ann, of here\" <ann@here.test>, (the others) list: lee@a.test, pat@b.test;\n";

    private final byte[] header = ("Received: from a (b [192.0.2.1])\n  by c with SMTP; 1 Jan 2026 00:00:00 -0000\n"
                    + "From:" + ADDRESSES + "To:" + ADDRESSES
                    + "Subject: a word or two\nMessage-ID: <1@here.test>\nDate: 1 Jan 2026 00:00:00 -0000\n\nbody\n")
            .getBytes(StandardCharsets.ISO_8859_1);

    /** All fields of a header of some 400 octets. */
    @Benchmark
    public int fields() throws IOException {
        HeaderReader reader = new HeaderReader(new ByteArrayInputStream(header));
        int fields = 0;
        for (Optional<HeaderField> field = reader.next(); field.isPresent(); field = reader.next()) {
            fields++;
        }
        return fields;
    }

    /** The four addresses of one field. */
    @Benchmark
    public Optional<List<String>> addresses() {
        Optional<List<Token>> tokens = Tokenizer.tokens(ADDRESSES);
        return tokens.flatMap(AddressList::addresses);
    }
}
