package org.tawnymail.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code tawny prove [--seeds N] [--first SEED] [--mistake NAME] [--replay FILE]}: runs N scenarios, cuts the power after
 * every change of the disk in each, and prints how many cuts there were and the violations, each of which is kept in a file
 * that can be replayed. Exit code 0 if there was none, 1 if there was. With a mistake planted it must find some.
 */
public final class Prove implements Program {

    private static final String USAGE =
            "tawny: usage: tawny prove [ --seeds N ] [ --first SEED ] [ --mistake NAME ] [ --replay FILE ]";
    private static final int SEEDS = 200;
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    /** A scenario mostly waits until mail has come to rest, and its cuts only compute. */
    private static final int SCENARIOS_A_PROCESSOR = 2;

    /** After so many there is no point in going on. */
    private static final int MOST_VIOLATIONS = 20;

    private static final int VIOLATED = 1;

    private long seeds = SEEDS;
    private long first = 1;
    private Mistake mistake = Mistake.NONE;
    private String replay = "";

    @Override
    public int run(Call call) throws IOException {
        readArguments(call.arguments());
        Path folder = Files.createTempDirectory("tawny-prove");
        try {
            Home controls = controls(folder);
            return replay.isEmpty() ? prove(call, controls) : replay(call, controls);
        } finally {
            remove(folder);
        }
    }

    private void readArguments(List<String> arguments) throws Complaint {
        for (int i = 0; i < arguments.size(); i += 2) {
            String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            switch (arguments.get(i)) {
                case "--seeds" -> seeds = number(value);
                case "--first" -> first = number(value);
                case "--mistake" -> mistake = mistake(value);
                case "--replay" -> replay = value;
                default -> throw new Complaint(ExitCode.PERMANENT, USAGE);
            }
        }
    }

    private static long number(String text) throws Complaint {
        boolean digits = !text.isEmpty() && text.length() < 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw new Complaint(ExitCode.PERMANENT, USAGE);
        }
        return Long.parseLong(text);
    }

    private static Mistake mistake(String word) throws Complaint {
        StringBuilder words = new StringBuilder();
        for (Mistake mistake : Mistake.values()) {
            if (mistake.word().equals(word)) {
                return mistake;
            }
            words.append(' ').append(mistake.word());
        }
        throw new Complaint(ExitCode.PERMANENT, "tawny: fatal: there is no mistake \"" + word + "\", only" + words);
    }

    /** A host whose mail for {@code here} is local. */
    static Home controls(Path folder) throws IOException {
        Path control = Files.createDirectories(folder.resolve("control"));
        Files.writeString(control.resolve("me"), "here\n");
        return new Home(folder);
    }

    private static void remove(Path folder) throws IOException {
        Files.delete(folder.resolve("control/me"));
        Files.delete(folder.resolve("control"));
        Files.delete(folder);
    }

    private int prove(Call call, Home controls) throws IOException {
        long start = System.nanoTime();
        Proof proof = new Proof(controls, mistake);
        proof.start(first, seeds, SCENARIOS_A_PROCESSOR * Runtime.getRuntime().availableProcessors());
        while (!proof.await(BETWEEN_LINES)) {
            print(call, "scenarios " + proof.scenarios() + " cuts " + proof.cuts() + "\n");
        }
        List<Violation> violations = proof.violations();
        for (Violation violation : violations.subList(0, Math.min(violations.size(), MOST_VIOLATIONS))) {
            print(call, "violation: " + violation.line() + "\nkept in " + keep(call, violation) + "\n");
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        print(
                call,
                "scenarios " + proof.scenarios() + "\ncuts " + proof.cuts() + "\nafter another cut "
                        + proof.furtherCuts() + "\nviolations " + violations.size() + "\nseconds " + took.toSeconds()
                        + "\n");
        return violations.isEmpty() ? ExitCode.SUCCESS : VIOLATED;
    }

    private static Path keep(Call call, Violation violation) throws IOException {
        Path file = call.path("prove-" + violation.seed() + ".recording");
        Files.writeString(file, RecordingText.of(violation));
        return file;
    }

    private int replay(Call call, Home controls) throws IOException {
        Violation kept = RecordingText.read(Files.readString(call.path(replay)));
        List<Integer> before = kept.cuts().subList(0, kept.cuts().size() - 1);
        PowerCut power = new PowerCut(controls, Mistake.NONE, kept.seed(), before.size());
        power.again(kept.recordings(), before);
        for (Violation violation : power.violations()) {
            print(call, "violation: " + violation.line() + "\n");
        }
        print(
                call,
                "cuts " + power.cuts() + "\nviolations " + power.violations().size() + "\n");
        return power.violations().isEmpty() ? ExitCode.SUCCESS : VIOLATED;
    }

    private static void print(Call call, String text) throws IOException {
        call.stdout().write(Octets.of(text));
        call.stdout().flush();
    }
}
