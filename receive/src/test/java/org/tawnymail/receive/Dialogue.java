package org.tawnymail.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.queue.QueueClient;
import org.tawnymail.queue.QueueResult;
import org.tawnymail.tcp.OwnAddresses;

/**
 * A conversation with qmail-smtpd as a text:
 *
 * <pre>
 *   === what it shows
 *   E: NAME=VALUE       a variable
 *   F: NAME CONTENT     a control file; "F: -NAME" takes one away
 *   A: Ztext            the queue refuses, Z for now or D for ever
 *   C: line             the client sends it, with CR LF; without if it ends in \c
 *   S: line             the server has sent exactly this when it next waits for the client, or ends
 *   P:                  the client pauses between two lines: they come in two reads
 *   T:                  the client is silent for too long
 *   R| line             a line of the Received field
 *   Q: from ADDRESS     what was queued: at least "from" and "to" if something was, nothing if nothing
 *   Q: to ADDRESS
 *   Q| line             a line of the message, without the Received field
 *   X: code             the exit code; else 1 as after a broken connection
 * </pre>
 *
 * <p>Escapes: {@code \r \n \0 \t \\ \xHH}, and {@code \*N{text}} for N times the text. What the client has still to say
 * is given to the server only when it asks: so a reply that comes too late fails the test.
 */
final class Dialogue {

    private static final Instant NOW = Instant.parse("2025-03-07T09:04:05Z");

    private static final Set<String> SPOKEN = Set.of("C:", "S:", "T:", "P:");

    private final String title;
    private final List<String> script;

    private Dialogue(String title, List<String> script) {
        this.title = title;
        this.script = script;
    }

    String title() {
        return title;
    }

    static List<Dialogue> read(String resource) {
        try (InputStream in = Dialogue.class.getResourceAsStream(resource)) {
            assertThat(in).as(resource).isNotNull();
            List<Dialogue> dialogues = new ArrayList<>();
            List<String> script = new ArrayList<>();
            for (String line : Octets.text(in.readAllBytes()).lines().toList()) {
                if (line.startsWith("=== ")) {
                    script = new ArrayList<>();
                    dialogues.add(new Dialogue(line.substring(4), script));
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    script.add(line);
                }
            }
            return dialogues;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void play(Path home) throws IOException {
        Path control = Files.createDirectory(home.resolve("control"));
        Files.writeString(control.resolve("me"), "mail.corp.example\n");
        Files.writeString(control.resolve("rcpthosts"), "mail.corp.example\n");
        Map<String, String> environment = new LinkedHashMap<>(Map.of(
                "TCPREMOTEIP", "192.0.2.7", "TCPREMOTEHOST", "relay.far.test", "TCPLOCALHOST", "mail.corp.example"));
        QueueOnPaper queue = new QueueOnPaper();
        StringBuilder received = new StringBuilder();
        StringBuilder envelope = new StringBuilder();
        StringBuilder message = new StringBuilder();
        List<String> lines = new ArrayList<>();
        int exit = 1;
        for (String line : script) {
            String kind = line.substring(0, 2);
            if (SPOKEN.contains(kind)) {
                lines.add(line);
                continue;
            }
            String text = unescaped(line.length() > 3 ? line.substring(3) : "");
            switch (kind) {
                case "E:" -> set(environment, text);
                case "F:" -> control(control, text);
                case "A:" -> queue.answer = new QueueResult.Refused(text.charAt(0) == 'D', text.substring(1));
                case "R|" -> received.append(text).append('\n');
                case "Q:" -> envelope.append(text).append('\n');
                case "Q|" -> message.append(text).append('\n');
                case "X:" -> exit = Integer.parseInt(text);
                default -> throw new IllegalArgumentException(line);
            }
        }
        Client client = new Client(lines);
        int code = smtpd(home, queue)
                .run(new Call(
                        "qmail-smtpd",
                        List.of(),
                        Environment.of(environment),
                        Descriptors.none().with(0, client.talks()).with(1, client.hears()),
                        home));
        client.ends();
        assertThat(code).as("exit code").isEqualTo(exit);
        StringBuilder queuedEnvelope = new StringBuilder();
        for (QueueOnPaper.Queued queued : queue.queued) {
            queuedEnvelope.append("from ").append(queued.sender()).append('\n');
            queued.recipients()
                    .forEach(to -> queuedEnvelope.append("to ").append(to).append('\n'));
        }
        assertThat(queuedEnvelope.toString()).as("queued").isEqualTo(envelope.toString());
        assertThat(queue.origins).allMatch(QueueOnPaper.Origin.NETWORK::equals);
        if (!message.isEmpty() || !received.isEmpty()) {
            String whole = queue.queued.getFirst().message();
            int end = whole.indexOf('\n', whole.indexOf('\n') + 1) + 1;
            assertThat(whole.substring(end)).as("message").isEqualTo(message.toString());
            if (!received.isEmpty()) {
                assertThat(whole.substring(0, end)).as("Received").isEqualTo(received.toString());
            }
        }
    }

    static QmailSmtpd smtpd(Path home, QueueOnPaper queue) {
        Commands none = new NoCommands();
        InstantSource clock = InstantSource.fixed(NOW);
        return new QmailSmtpd(
                new Home(home),
                new QueueClient(new Home(home), queue, none),
                OwnAddresses.of(InetAddress.ofLiteral("192.0.2.1")),
                clock);
    }

    private static void set(Map<String, String> environment, String text) {
        if (text.startsWith("-")) {
            environment.remove(text.substring(1));
        } else {
            int equals = text.indexOf('=');
            environment.put(text.substring(0, equals), text.substring(equals + 1));
        }
    }

    private static void control(Path control, String text) throws IOException {
        if (text.startsWith("-")) {
            Files.delete(control.resolve(text.substring(1)));
        } else {
            int space = text.indexOf(' ');
            Files.write(control.resolve(text.substring(0, space)), Octets.of(text.substring(space + 1) + "\n"));
        }
    }

    static String unescaped(String text) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                result.append(c);
                continue;
            }
            switch (text.charAt(++i)) {
                case 'r' -> result.append('\r');
                case 'n' -> result.append('\n');
                case '0' -> result.append('\0');
                case 't' -> result.append('\t');
                case 's' -> result.append(' ');
                case '\\' -> result.append('\\');
                case 'x' -> {
                    result.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                case '*' -> {
                    int open = text.indexOf('{', i);
                    int close = text.indexOf('}', open);
                    int times = Integer.parseInt(text.substring(i + 1, open));
                    result.append(unescaped(text.substring(open + 1, close)).repeat(times));
                    i = close;
                }
                default -> throw new IllegalArgumentException(text);
            }
        }
        return result.toString();
    }

    /** Speaks its lines when it is listened to, and compares what it hears. */
    private static final class Client {

        private final List<String> lines;
        private int next;
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private byte[] saying = {};
        private int said;

        private Client(List<String> lines) {
            this.lines = lines;
        }

        OutputStream hears() {
            return heard;
        }

        InputStream talks() {
            return new InputStream() {
                @Override
                public int read() {
                    throw new AssertionError("reads single bytes");
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    if (said == saying.length) {
                        hear();
                        saying = say();
                        said = 0;
                    }
                    int n = Math.min(length, saying.length - said);
                    System.arraycopy(saying, said, buffer, offset, n);
                    said += n;
                    return n == 0 ? -1 : n;
                }
            };
        }

        void ends() {
            hear();
            assertThat(lines.subList(next, lines.size()))
                    .as("lines never come to")
                    .isEmpty();
        }

        private void hear() {
            StringBuilder expected = new StringBuilder();
            while (next < lines.size() && lines.get(next).startsWith("S:")) {
                expected.append(unescaped(lines.get(next++).substring(3))).append("\r\n");
            }
            assertThat(Octets.text(heard.toByteArray()))
                    .as("before line %s", next)
                    .isEqualTo(expected.toString());
            heard.reset();
        }

        private byte[] say() throws IOException {
            StringBuilder text = new StringBuilder();
            while (next < lines.size() && lines.get(next).startsWith("C:")) {
                String line = lines.get(next++);
                line = line.length() > 3 ? line.substring(3) : "";
                boolean asItIs = line.endsWith("\\c");
                text.append(unescaped(asItIs ? line.substring(0, line.length() - 2) : line + "\\r\\n"));
            }
            if (!text.isEmpty() && next < lines.size() && lines.get(next).startsWith("P:")) {
                next++;
            } else if (text.isEmpty() && next < lines.size() && lines.get(next).startsWith("T:")) {
                next++;
                throw new SocketTimeoutException("Read timed out");
            }
            return Octets.of(text.toString());
        }
    }
}
