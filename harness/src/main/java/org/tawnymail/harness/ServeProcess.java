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
    private static final Duration LONGEST_END = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final int GREETING_LIMIT = (int) Duration.ofSeconds(5).toMillis();
    private static final Pattern MAILBOX = Pattern.compile("^mailbox (\\S+@\\S+) ", Pattern.MULTILINE);

    private final Process process;
    private final Path home;
    private final Path output;
    private final InetSocketAddress smtp;
    private String recipient = "";

    private ServeProcess(Process process, Path home, Path output, InetSocketAddress smtp) {
        this.process = process;
        this.home = home;
        this.output = output;
        this.smtp = smtp;
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
        InetSocketAddress smtp = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of("--home", home.toString()));
        whole.addAll(List.of("--smtp-port", Integer.toString(smtp.getPort())));
        whole.addAll(List.of("--pop3-port", Integer.toString(freePort())));
        ProcessBuilder builder =
                new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        ServeProcess server = new ServeProcess(builder.start(), home, output, smtp);
        try {
            server.waitUntilReady();
            return server;
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    @Override
    public InetSocketAddress smtp() {
        return smtp;
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
    }

    private void waitUntilReady() throws IOException, InterruptedException {
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

    private String said() throws IOException {
        return Files.readString(output, StandardCharsets.ISO_8859_1);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
