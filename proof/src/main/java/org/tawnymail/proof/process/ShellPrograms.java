package org.tawnymail.proof.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.tawnymail.base.Octets;

/**
 * {@code qmail-queue} and {@code qmail-inject} as a shell runs them, each a process of its own. They live through the death of
 * the server. Safe for use by many threads.
 */
final class ShellPrograms {

    /** Those two are told apart by how they are spoken to and by their codes. */
    enum Kind {
        QMAIL_QUEUE("qmail-queue"),
        QMAIL_INJECT("qmail-inject");

        private final String program;

        Kind(String program) {
            this.program = program;
        }

        String program() {
            return program;
        }
    }

    private static final Duration LONGEST_RUN = Duration.ofMinutes(2);
    private static final int KILLED = 128 + 9;

    private final List<String> prefix;
    private final Path bin;
    private final Path home;
    private final Path scratch;

    /**
     * @param prefix a command that runs another one, or nothing
     * @param bin where the programs are
     * @param home the home they work for
     * @param scratch a directory for what they are fed
     */
    ShellPrograms(List<String> prefix, Path bin, Path home, Path scratch) {
        this.prefix = List.copyOf(prefix);
        this.bin = bin;
        this.home = home;
        this.scratch = scratch;
    }

    /** How a program ended. */
    record Ended(int code, String errors) {}

    /**
     * Hands a letter to a program.
     *
     * @param killAfter when it is killed, if it is
     */
    Answer submit(Kind kind, String sender, Letter letter, Optional<Duration> killAfter)
            throws IOException, InterruptedException {
        Path message = Files.createTempFile(scratch, "message", "");
        Path envelope = Files.createTempFile(scratch, "envelope", "");
        Path errors = Files.createTempFile(scratch, "errors", "");
        try {
            Files.write(message, letter.text());
            Files.writeString(envelope, envelope(sender, letter), StandardCharsets.ISO_8859_1);
            List<String> command = new ArrayList<>(prefix);
            String program = bin.resolve(kind.program).toString();
            if (kind == Kind.QMAIL_QUEUE) {
                command.addAll(List.of("sh", "-c", "exec \"$0\" <\"$1\" 1<\"$2\"", program));
                command.addAll(List.of(message.toString(), envelope.toString()));
            } else {
                command.addAll(List.of("sh", "-c", "exec \"$@\" <\"$0\"", message.toString()));
                command.addAll(List.of(program, "-f" + sender));
                command.addAll(letter.recipients());
            }
            Ended ended = run(command, errors, killAfter);
            return kind == Kind.QMAIL_QUEUE ? ofQmailQueue(ended) : ofQmailInject(ended);
        } finally {
            for (Path file : List.of(message, envelope, errors)) {
                Files.delete(file);
            }
        }
    }

    /** Runs another program that must end with 0; gives what it printed. */
    String run(String program) throws IOException, InterruptedException {
        Path output = Files.createTempFile(scratch, "output", "");
        try {
            List<String> command = new ArrayList<>(prefix);
            command.add(bin.resolve(program).toString());
            Ended ended = run(command, output, Optional.empty());
            if (ended.code != 0) {
                throw new IOException(program + " ended with " + ended.code + ": " + ended.errors);
            }
            return ended.errors;
        } finally {
            Files.delete(output);
        }
    }

    /** How many messages {@code qmail-qstat} sees, those not yet taken in too. */
    int waiting() throws IOException, InterruptedException {
        int sum = 0;
        for (String line : run("qmail-qstat").split("\n", -1)) {
            if (line.startsWith("messages in queue")) {
                sum += Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return sum;
    }

    private Ended run(List<String> command, Path output, Optional<Duration> killAfter)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("TAWNY_HOME", home.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(killAfter.orElse(LONGEST_RUN).toNanos(), TimeUnit.NANOSECONDS)) {
                process.destroyForcibly().waitFor();
                if (killAfter.isEmpty()) {
                    throw new IOException(command + " did not end in " + LONGEST_RUN.toSeconds() + " s");
                }
            }
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Octets.text(Files.readAllBytes(output)));
    }

    private static String envelope(String sender, Letter letter) {
        StringBuilder envelope = new StringBuilder("F").append(sender).append('\0');
        letter.recipients().forEach(to -> envelope.append('T').append(to).append('\0'));
        return envelope.append('\0').toString();
    }

    /** It prints nothing; its code says everything (core spec, section 2.2). */
    private static Answer ofQmailQueue(Ended ended) {
        if (!ended.errors.isEmpty()) {
            return new Answer.Wrong("qmail-queue says " + ended.errors);
        }
        return switch (ended.code) {
            case 0 -> Answer.ACCEPTED;
            case KILLED -> Answer.NONE;
            default ->
                ended.code > 50 && ended.code < 80
                        ? new Answer.Refused("exit code " + ended.code)
                        : new Answer.Wrong("qmail-queue ends with " + ended.code);
        };
    }

    private static Answer ofQmailInject(Ended ended) {
        boolean clear = ended.errors.startsWith("qmail-inject: fatal: ")
                && ended.errors.indexOf('\n') == ended.errors.length() - 1;
        return switch (ended.code) {
            case 0 -> Answer.ACCEPTED;
            case KILLED -> Answer.NONE;
            case 111 ->
                clear
                        ? new Answer.Refused(ended.errors.strip())
                        : new Answer.Wrong("qmail-inject says " + ended.errors);
            default -> new Answer.Wrong("qmail-inject ends with " + ended.code + ": " + ended.errors);
        };
    }
}
