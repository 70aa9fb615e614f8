package org.tawnymail.assembly.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.hostile.HostileInputs;

/** The command line of {@code adopt}. */
class HostileAdoptTest {

    @Test
    void everyCommandLineIsOptionsOrOneComplaint() throws Exception {
        HostileInputs.of("adopt options")
                .pieces("--into", "--into=", "--copy", "--dry-run", "/var/qmail", "\0", "-")
                .samples("/var/qmail\0--into\0/srv/mail\0--copy\0--dry-run")
                .each((input, random) -> {
                    List<String> arguments = List.of(Octets.text(input).split("\0", -1));
                    Call call = new Call("adopt", arguments, Environment.empty(), Descriptors.none(), Path.of("/"));
                    try {
                        AdoptOptions options = AdoptOptions.parse(call);
                        assertThat(options.copy() && options.into().isEmpty()).isFalse();
                    } catch (Complaint complaint) {
                        assertThat(complaint.line()).startsWith("tawny: fatal: adopt: ");
                    } catch (InvalidPathException unreachable) {
                        assertThat(unreachable).hasMessageContaining("not text in");
                    }
                });
    }
}
