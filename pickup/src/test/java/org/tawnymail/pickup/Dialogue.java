package org.tawnymail.pickup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;

/**
 * A dialogue written down as lines {@code C: } (client) and {@code S: } (server), held against a real program: the client
 * says a line only when the server asks for it, and by then the server must have said exactly what stands before it.
 * Consecutive lines of the client go out in one piece. Other lines are comments. At its end the client hangs up.
 */
public final class Dialogue {

    private record Turn(String said, String heard) {}

    /** What was left when the dialogue had ended. */
    public record Result(int exitCode, String complaints) {}

    /** What each side says in turn; the server begins, so the first turn has no words of the client. */
    private final List<Turn> turns = new ArrayList<>();

    private String eventBefore = "";
    private Event event = () -> {};

    /** Something that happens outside the connection. */
    public interface Event {
        void happen() throws IOException;
    }

    private Dialogue(List<String> lines) {
        StringBuilder said = new StringBuilder();
        StringBuilder heard = new StringBuilder();
        boolean serverSpoke = true;
        for (String line : lines) {
            if (line.startsWith("S: ")) {
                heard.append(line.substring(3)).append("\r\n");
                serverSpoke = true;
            } else if (line.startsWith("C: ")) {
                if (serverSpoke) {
                    turns.add(new Turn(said.toString(), heard.toString()));
                    said.setLength(0);
                    heard.setLength(0);
                    serverSpoke = false;
                }
                said.append(line.substring(3)).append("\r\n");
            }
        }
        turns.add(new Turn(said.toString(), heard.toString()));
    }

    /** A dialogue from a file beside the test. */
    public static Dialogue of(Class<?> test, String file) throws IOException {
        try (InputStream in = test.getResourceAsStream(file)) {
            if (in == null) {
                throw new IOException("no such dialogue: " + file);
            }
            return new Dialogue(Octets.text(in.readAllBytes()).lines().toList());
        }
    }

    public static Dialogue of(String... lines) {
        return new Dialogue(List.of(lines));
    }

    /** Lets something happen just before the client says a line. */
    public Dialogue before(String line, Event what) {
        eventBefore = line + "\r\n";
        event = what;
        return this;
    }

    /** Holds the dialogue with a program whose working directory is given. */
    public Result with(Program program, Path directory, String... arguments) throws IOException {
        Script script = new Script();
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        Descriptors connection = Descriptors.none()
                .with(0, script, script.heard)
                .with(1, script, script.heard)
                .with(2, complaints);
        Call call = new Call("program", List.of(arguments), Environment.empty(), connection, directory, 4711);
        int exitCode = program.run(call);
        script.checkHeard();
        assertThat(script.turn).as("turns of the client that the server took").isEqualTo(turns.size() - 1);
        return new Result(exitCode, Octets.text(complaints.toByteArray()));
    }

    private final class Script extends InputStream {

        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private byte[] said = new byte[0];
        private int position;
        private int turn;

        private void checkHeard() {
            assertThat(Octets.text(heard.toByteArray()))
                    .as("the answer to \"%s\"", turns.get(turn).said)
                    .isEqualTo(turns.get(turn).heard);
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (position == said.length) {
                if (turn == turns.size() - 1) {
                    return -1;
                }
                checkHeard();
                heard.reset();
                String words = turns.get(++turn).said;
                if (words.equals(eventBefore)) {
                    event.happen();
                }
                said = Octets.of(words);
                position = 0;
            }
            int count = Math.min(length, said.length - position);
            System.arraycopy(said, position, to, offset, count);
            position += count;
            return count;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }
    }
}
