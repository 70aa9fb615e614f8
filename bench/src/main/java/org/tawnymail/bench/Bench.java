package org.tawnymail.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import org.tawnymail.bench.inbound.InboundBench;
import org.tawnymail.bench.load.SmtpLoad;
import org.tawnymail.bench.load.SmtpSink;

/** The entry: {@code bench inbound}, {@code bench load}, {@code bench sink}. */
public final class Bench {

    private static final int WRONG_USE = 100;
    private static final int TROUBLE = 111;

    private static final String USAGE = """
            usage: ./tawny bench inbound [options]   a server of its own on a journaled disk: mail in until it is in the Maildir
                     --sessions 100 --messages 20000 --size 5000 --kept | --connection-per-message --rounds 3 --warmup 40000
                     --server-command "./tawny serve" --directory DIR (in place of a disk image) --disk-megabytes 4096
                   ./tawny bench load [options]      sends to a server that runs: --host --port --recipient --sender
                                                     --sessions --messages --size --kept
                   ./tawny bench sink [options]      takes mail and throws it away: --port --delay MILLISECONDS
                                                     --no-pipelining --recipient-reply TEXT --text-reply TEXT
            """;

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments), System.out));
    }

    /** Runs one measurement; its exit code. */
    static int run(List<String> arguments, PrintStream out) throws InterruptedException {
        if (arguments.isEmpty()) {
            out.print(USAGE);
            return 0;
        }
        List<String> rest = arguments.subList(1, arguments.size());
        try {
            return switch (arguments.getFirst()) {
                case "inbound" ->
                    InboundBench.run(new BenchOptions(rest, InboundBench.FLAGS, InboundBench.OPTIONS), out);
                case "load" ->
                    SmtpLoad.run(
                            new BenchOptions(
                                    rest,
                                    Set.of("kept"),
                                    Set.of("host", "port", "recipient", "sender", "sessions", "messages", "size")),
                            out);
                case "sink" ->
                    SmtpSink.run(
                            new BenchOptions(
                                    rest,
                                    Set.of("no-pipelining"),
                                    Set.of("port", "delay", "recipient-reply", "text-reply")),
                            out);
                default -> throw new BenchOptions.Wrong("no such measurement: " + arguments.getFirst());
            };
        } catch (BenchOptions.Wrong wrong) {
            out.println("bench: " + wrong.getMessage());
            out.print(USAGE);
            return WRONG_USE;
        } catch (IllegalArgumentException outOfRange) {
            out.println("bench: " + outOfRange.getMessage());
            return WRONG_USE;
        } catch (IOException trouble) {
            out.println("bench: fatal: " + trouble.getMessage());
            return TROUBLE;
        }
    }

    private Bench() {}
}
