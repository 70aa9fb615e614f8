package org.tawnymail.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;
import org.tawnymail.base.program.Program;

/**
 * {@code tawny prove [--seeds N] [--first SEED] [--mistake NAME]}: runs N scenarios, cuts the power after every change of the
 * disk in each, and prints how many cuts there were and the violations. Exit code 0 if there was none, 1 if there was. With
 * a mistake planted it must find some.
 */
public final class Prove implements Program {

    private static final String USAGE = "tawny: usage: tawny prove [ --seeds N ] [ --first SEED ] [ --mistake NAME ]";
    private static final int SEEDS = 200;
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    /** After so many there is no point in going on. */
    private static final int MOST_VIOLATIONS = 20;

    private static final int VIOLATED = 1;

    @Override
    public int run(Call call) throws IOException {
        long seeds = SEEDS;
        long first = 1;
        Optional<Mistake> mistake = Optional.empty();
        List<String> arguments = call.arguments();
        for (int i = 0; i < arguments.size(); i += 2) {
            String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            switch (arguments.get(i)) {
                case "--seeds" -> seeds = number(value);
                case "--first" -> first = number(value);
                case "--mistake" -> mistake = Optional.of(mistake(value));
                default -> throw new Complaint(ExitCode.PERMANENT, USAGE);
            }
        }
        Path folder = Files.createTempDirectory("tawny-prove");
        try {
            Proof proof = new Proof(controls(folder), mistake);
            return report(call, proof, first, seeds);
        } finally {
            remove(folder);
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

    private static int report(Call call, Proof proof, long first, long seeds) throws IOException {
        long start = System.nanoTime();
        proof.start(first, seeds, Runtime.getRuntime().availableProcessors());
        while (!proof.await(BETWEEN_LINES)) {
            print(call, "scenarios " + proof.scenarios() + " cuts " + proof.cuts() + "\n");
        }
        List<String> violations = proof.violations();
        for (String violation : violations.subList(0, Math.min(violations.size(), MOST_VIOLATIONS))) {
            print(call, "violation: " + violation + "\n");
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        print(
                call,
                "scenarios " + proof.scenarios() + "\ncuts " + proof.cuts() + "\nviolations " + violations.size()
                        + "\nseconds " + took.toSeconds() + "\n");
        return violations.isEmpty() ? ExitCode.SUCCESS : VIOLATED;
    }

    private static void print(Call call, String text) throws IOException {
        call.stdout().write(Octets.of(text));
        call.stdout().flush();
    }
}
