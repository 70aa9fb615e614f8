package org.tawnymail.pickup.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;
import org.tawnymail.base.process.OwnProgram;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.pickup.ProgramsInside;

class MboxReaderTest {

    private final List<String> ran = new ArrayList<>();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theMboxIsBroughtUpToDateBeforeTheReaderIsRunWithTheSameArguments() {
        ProgramsInside commands = commands(0).with("elm", call -> note(call, 3));
        assertThat(run(commands, "elq", "elm", "-f", "Mailbox")).isEqualTo(3);
        assertThat(ran).containsExactly("maildir2mbox []", "elm [-f, Mailbox]");
    }

    @Test
    void ifThatFailsTheReaderIsNotRun() {
        assertThat(run(commands(111).with("pine", call -> note(call, 0)), "pinq", "pine"))
                .isEqualTo(111);
        assertThat(ran).containsExactly("maildir2mbox []");
    }

    @Test
    void aReaderThatIsNotThereIsNamed() {
        assertThat(run(commands(0), "qail", "Mail")).isEqualTo(100);
        assertThat(Octets.text(err.toByteArray())).isEqualTo("qail: fatal: unable to run Mail: file does not exist\n");
    }

    private ProgramsInside commands(int moved) {
        return new ProgramsInside().with("maildir2mbox", call -> note(call, moved));
    }

    private int note(Call call, int code) {
        ran.add(call.name() + " " + call.arguments());
        return code;
    }

    private int run(ProgramsInside commands, String name, String reader, String... arguments) {
        Call call = new Call(
                name,
                List.of(arguments),
                Environment.empty(),
                Descriptors.none().with(2, err),
                Path.of("/"));
        return OwnProgram.run(new MboxReader(commands, name, reader), call);
    }
}
