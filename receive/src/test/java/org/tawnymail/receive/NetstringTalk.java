package org.tawnymail.receive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.process.OwnProgram;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.queue.QueueClient;

/** A session with qmail-qmtpd or qmail-qmqpd: what the client sends, and what was answered when more was waited for. */
final class NetstringTalk {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2025-03-07T09:04:05Z"));

    final QueueOnPaper queue = new QueueOnPaper();
    final Map<String, String> environment = new HashMap<>(
            Map.of("TCPREMOTEHOST", "relay.far.test", "TCPREMOTEIP", "192.0.2.7", "TCPLOCALHOST", "mail.corp.example"));
    /** What had been answered each time the server waited for more, and in all at its end. */
    final List<String> answered = new ArrayList<>();

    final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final Path home;

    NetstringTalk(Path home) {
        this.home = home;
    }

    Program qmtpd() {
        return new QmailQmtpd(new Home(home), client(), CLOCK);
    }

    Program qmqpd() {
        return new QmailQmqpd(client(), CLOCK);
    }

    /** The exit code of a session in which the client sends these pieces, each when the one before has been read. */
    int run(Program program, String... pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InputStream in = new InputStream() {
            private int next;

            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                answered.add(Octets.text(out.toByteArray()));
                while (next < pieces.length && pieces[next].isEmpty()) {
                    next++;
                }
                if (next == pieces.length) {
                    return -1;
                }
                byte[] piece = Octets.of(pieces[next]);
                int count = Math.min(piece.length, length);
                System.arraycopy(piece, 0, buffer, offset, count);
                if (count == piece.length) {
                    next++;
                } else {
                    pieces[next] = pieces[next].substring(count);
                }
                return count;
            }
        };
        int code = run(program, in, out);
        answered.add(Octets.text(out.toByteArray()));
        return code;
    }

    int run(Program program, InputStream in, java.io.OutputStream out) {
        Descriptors descriptors = Descriptors.none().with(0, in).with(1, out).with(2, errors);
        return OwnProgram.run(program, new Call("server", List.of(), Environment.of(environment), descriptors, home));
    }

    /** All that was answered. */
    String answers() {
        return answered.getLast();
    }

    /** The message of the only submission, without the {@code Received} field. */
    String text() throws IOException {
        String message = queue.queued.getFirst().message();
        return message.substring(message.indexOf('\n', message.indexOf('\n') + 1) + 1);
    }

    static String netstring(String text) {
        return text.length() + ":" + text + ",";
    }

    private QueueClient client() {
        return new QueueClient(new Home(home), queue, new NoCommands());
    }
}
