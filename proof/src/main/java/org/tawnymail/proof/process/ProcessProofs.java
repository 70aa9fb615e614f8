package org.tawnymail.proof.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code tawny prove kill}: one of the proofs with real processes. Exit code 0 if nothing was lost or torn, 1 if something
 * was, 111 if the proof could not be made.
 */
public final class ProcessProofs implements Program {

    private static final String USAGE =
            "tawny: usage: tawny prove kill | kill-parts | read-only [ --rounds N ] [ --seed SEED ], or full-disk";
    private static final int KILL_ROUNDS = 500;
    private static final int PARTS_ROUNDS = 100;
    private static final int READ_ONLY_ROUNDS = 5;
    private static final int MOST_ROUNDS = 1_000_000;
    private static final int VIOLATED = 1;

    private final Path bin;

    /** @param bin the directory with our programs' names, beside {@code tawny} */
    public ProcessProofs(Path bin) {
        this.bin = bin;
    }

    /** Whether a call of {@code prove} asks for one of these proofs. */
    public static boolean isAskedBy(Call call) {
        return !call.arguments().isEmpty() && !call.arguments().getFirst().startsWith("-");
    }

    @Override
    public int run(Call call) throws IOException {
        Map<String, Long> options = options(call.arguments());
        try {
            boolean proved = prove(call.arguments().getFirst(), options, new Report(call.stdout()));
            return proved ? ExitCode.SUCCESS : VIOLATED;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped", stopped);
        }
    }

    private boolean prove(String name, Map<String, Long> options, Report report)
            throws IOException, InterruptedException {
        long seed = options.getOrDefault("--seed", System.nanoTime());
        return switch (name) {
            case "kill" -> new KillProof(bin, rounds(options, KILL_ROUNDS), seed, report).run();
            case "kill-parts" -> new PartsProof(bin, rounds(options, PARTS_ROUNDS), seed, report).run();
            case "full-disk" -> {
                if (!options.isEmpty()) {
                    throw new Complaint(ExitCode.PERMANENT, USAGE);
                }
                yield FullDiskProof.run(bin, report);
            }
            case "read-only" -> ReadOnlyProof.run(bin, rounds(options, READ_ONLY_ROUNDS), seed, report);
            default -> throw new Complaint(ExitCode.PERMANENT, USAGE);
        };
    }

    private static int rounds(Map<String, Long> options, int otherwise) throws Complaint {
        long rounds = options.getOrDefault("--rounds", (long) otherwise);
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw new Complaint(ExitCode.PERMANENT, USAGE);
        }
        return (int) rounds;
    }

    private static Map<String, Long> options(List<String> arguments) throws Complaint {
        Map<String, Long> options = new HashMap<>();
        for (int i = 1; i < arguments.size(); i += 2) {
            String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            boolean digits =
                    !value.isEmpty() && value.length() < 18 && value.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!digits || !List.of("--rounds", "--seed").contains(arguments.get(i))) {
                throw new Complaint(ExitCode.PERMANENT, USAGE);
            }
            options.put(arguments.get(i), Long.parseLong(value));
        }
        return options;
    }
}
