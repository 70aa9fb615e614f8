package org.tawnymail.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code tawny serve} as a process of its own: {@code COMMAND --home HOME --smtp-port P --pop3-port P}. It is ready when it
 * greets on its SMTP port; at its first start it has printed a {@code mailbox NAME@DOMAIN password PASSWORD} line by then.
 */
public final class ServeProcess implements ServerUnderTest {

    private static final Duration LONGEST_START = Duration.ofMinutes(2);
    private static final Duration LONGEST_END = Duration.ofMinutes(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
    private static final int GREETING_LIMIT = (int) Duration.ofSeconds(5).toMillis();
    private static final Pattern MAILBOX = Pattern.compile("^mailbox (\\S+@\\S+) ", Pattern.MULTILINE);
    private static final Pattern PASSWORD = Pattern.compile("^mailbox \\S+ password (\\S+)$", Pattern.MULTILINE);

    private final Process process;
    private final Path home;
    private final Path output;
    private final InetSocketAddress smtp;
    private final InetSocketAddress pop3;
    private final Thread atExit;
    private String recipient = "";

    private ServeProcess(Process process, Path home, Path output, InetSocketAddress smtp, InetSocketAddress pop3) {
        this.process = process;
        this.home = home;
        this.output = output;
        this.smtp = smtp;
        this.pop3 = pop3;
        // An interrupted run must not leave a server behind.
        this.atExit = new Thread(process::destroyForcibly, "kill");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param environment what it gets besides our own
     * @param home does not exist yet, or is a home that it made before
     * @param output the file that gets all that it prints
     */
    public static ServeProcess start(List<String> command, Map<String, String> environment, Path home, Path output)
            throws IOException, InterruptedException {
        ServeProcess server = launch(command, environment, home, output);
        try {
            server.awaitReady();
            return server;
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    /** Starts it and waits for nothing. */
    public static ServeProcess launch(List<String> command, Map<String, String> environment, Path home, Path output)
            throws IOException {
        InetSocketAddress smtp;
        InetSocketAddress pop3;
        // Both at a time: else the second could be the first again, once in some thousand times.
        try (ServerSocket one = freePort();
                ServerSocket another = freePort()) {
            smtp = new InetSocketAddress(InetAddress.getLoopbackAddress(), one.getLocalPort());
            pop3 = new InetSocketAddress(InetAddress.getLoopbackAddress(), another.getLocalPort());
        }
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of("--home", home.toString()));
        whole.addAll(List.of("--smtp-port", Integer.toString(smtp.getPort())));
        whole.addAll(List.of("--pop3-port", Integer.toString(pop3.getPort())));
        ProcessBuilder builder =
                new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new ServeProcess(builder.start(), home, output, smtp, pop3);
    }

    /**
     * Waits until it is ready.
     *
     * @throws IOException if it ends instead, with what it said
     */
    public void awaitReady() throws IOException, InterruptedException {
        long looks = LONGEST_START.dividedBy(BETWEEN_LOOKS);
        for (long i = 0; i < looks; i++) {
            if (!process.isAlive()) {
                throw new IOException("the server ended with " + process.exitValue() + "; it said:\n" + said());
            }
            if (greets()) {
                recipient = firstMailbox();
                return;
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
        throw new IOException("the server is not ready after " + LONGEST_START.toSeconds() + " s; it said:\n" + said());
    }

    @Override
    public InetSocketAddress smtp() {
        return smtp;
    }

    /** Where mail is read. */
    public InetSocketAddress pop3() {
        return pop3;
    }

    /** The password of {@link #recipient}, which only the first start on a home prints; else empty. */
    public String password() throws IOException {
        Matcher printed = PASSWORD.matcher(said());
        return printed.find() ? printed.group(1) : "";
    }

    /** All that it has printed so far. */
    public String said() throws IOException {
        return Files.readString(output, StandardCharsets.ISO_8859_1);
    }

    /** Sends it a signal, such as {@code ALRM}. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    }

    /** SIGKILL; returns when it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        forget();
    }

    /**
     * Waits until it has ended by itself.
     *
     * @return its exit code
     * @throws IOException if it does not end; then it is killed
     */
    public int awaitEnd() throws IOException, InterruptedException {
        if (!process.waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
            kill();
            throw new IOException("the server did not end in " + LONGEST_END.toSeconds() + " s; it said:\n" + said());
        }
        forget();
        return process.exitValue();
    }

    /**
     * Ends it as Ctrl-C would.
     *
     * @return its exit code
     * @throws IOException if it does not end; then it is killed
     */
    public int stop() throws IOException, InterruptedException {
        process.destroy();
        return awaitEnd();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public String recipient() {
        return recipient;
    }

    /** The mailbox's directory is the third field of its line in {@code users/mailboxes}. */
    @Override
    public Path maildir() {
        try {
            for (String[] fields : mailboxes()) {
                if (fields[0].equals(recipient)) {
                    return home.resolve(fields[2]).resolve("Maildir");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("unable to read the mailboxes of " + home, e);
        }
        throw new IllegalStateException("no mailbox " + recipient + " in " + home);
    }

    private List<String[]> mailboxes() throws IOException {
        Path accounts = home.resolve("users/mailboxes");
        if (!Files.exists(accounts)) {
            return List.of();
        }
        return Files.readAllLines(accounts, StandardCharsets.ISO_8859_1).stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length >= 3)
                .toList();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException asked) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        forget();
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // It runs already.
        }
    }

    /** As it was printed at the first start, else as the home has it. */
    private String firstMailbox() throws IOException {
        Matcher printed = MAILBOX.matcher(said());
        if (printed.find()) {
            return printed.group(1);
        }
        List<String[]> known = mailboxes();
        if (known.isEmpty()) {
            throw new IOException("the server names no mailbox; it said:\n" + said());
        }
        return known.getFirst()[0];
    }

    private boolean greets() {
        try (Socket socket = new Socket()) {
            socket.connect(smtp, GREETING_LIMIT);
            socket.setSoTimeout(GREETING_LIMIT);
            return socket.getInputStream().read() == '2';
        } catch (IOException notYet) {
            return false;
        }
    }

    private static ServerSocket freePort() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
