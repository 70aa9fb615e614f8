package org.tawnymail.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.tawnymail.bench.backlog.BacklogBench;
import org.tawnymail.bench.explode.ExplodeBench;
import org.tawnymail.bench.flow.InboundBench;
import org.tawnymail.bench.flow.RelayBench;
import org.tawnymail.bench.jmh.JmhBench;
import org.tawnymail.bench.load.LoadCommand;
import org.tawnymail.bench.load.SinkCommand;
import org.tawnymail.bench.oneshot.OneshotBench;

/** The entry: {@code bench NAME [options]}, and without a name the list of what there is. */
public final class Bench {

    private static final int WRONG_USE = 100;
    private static final int TROUBLE = 111;

    private static final List<Measurement> MEASUREMENTS = List.of(
            new InboundBench(),
            new RelayBench(),
            new ExplodeBench(),
            new BacklogBench(),
            new OneshotBench(),
            new JmhBench(),
            new LoadCommand(),
            new SinkCommand());

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments), System.out));
    }

    /** Runs one measurement; its exit code. */
    static int run(List<String> arguments, PrintStream out) throws InterruptedException {
        if (arguments.isEmpty()) {
            out.print(usage());
            return 0;
        }
        try {
            Measurement chosen = find(arguments.getFirst());
            BenchOptions options =
                    new BenchOptions(arguments.subList(1, arguments.size()), chosen.flags(), chosen.options());
            return chosen.run(options, out);
        } catch (BenchOptions.Wrong wrong) {
            out.println("bench: " + wrong.getMessage());
            out.print(usage());
            return WRONG_USE;
        } catch (IllegalArgumentException outOfRange) {
            out.println("bench: " + outOfRange.getMessage());
            return WRONG_USE;
        } catch (IOException trouble) {
            out.println("bench: fatal: " + trouble.getMessage());
            return TROUBLE;
        }
    }

    private static Measurement find(String name) {
        return MEASUREMENTS.stream()
                .filter(measurement -> measurement.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BenchOptions.Wrong("no such measurement: " + name));
    }

    private static String usage() {
        StringBuilder text = new StringBuilder("usage: ./tawny bench NAME [options]\n");
        for (Measurement measurement : MEASUREMENTS) {
            List<String> lines = measurement.usage().strip().lines().toList();
            text.append("  %-9s%s%n".formatted(measurement.name(), lines.getFirst()));
            lines.stream()
                    .skip(1)
                    .forEach(line ->
                            text.append("             ").append(line.strip()).append('\n'));
        }
        return text.toString();
    }

    private Bench() {}
}
