package org.tawnymail.bench.load;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Set;
import org.tawnymail.bench.BenchOptions;
import org.tawnymail.bench.Measurement;

/** {@code ./tawny bench sink}: takes mail and throws it away, until it is killed. */
public final class SinkCommand implements Measurement {

    @Override
    public String name() {
        return "sink";
    }

    @Override
    public String usage() {
        return """
                takes mail and throws it away
                --port 2526 --delay MILLISECONDS --no-pipelining --recipient-reply TEXT --text-reply TEXT
                """;
    }

    @Override
    public Set<String> flags() {
        return Set.of("no-pipelining");
    }

    @Override
    public Set<String> options() {
        return Set.of("port", "delay", "recipient-reply", "text-reply");
    }

    @Override
    public int run(BenchOptions options, PrintStream out) throws IOException, InterruptedException {
        SmtpSink.Behaviour behaviour = new SmtpSink.Behaviour(
                !options.isSet("no-pipelining"),
                Duration.ofMillis(options.number("delay", 0)),
                options.text("recipient-reply", "250 ok"),
                options.text("text-reply", "250 ok"));
        try (SmtpSink sink = new SmtpSink(options.number("port", 2526), behaviour)) {
            out.println("sink on port " + sink.port());
            int before = -1;
            while (true) {
                Thread.sleep(Duration.ofSeconds(1));
                if (sink.messages() != before) {
                    before = sink.messages();
                    out.printf(
                            "%d messages, %d recipients, %d connections, %d octets%n",
                            before, sink.recipients(), sink.connections(), sink.octets());
                }
            }
        }
    }
}
