package org.tawnymail.proof.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.ExitCode;

class ProcessProofsTest {

    private static Call call(String arguments) {
        return new Call(
                "prove",
                List.of(arguments.split(" ", -1)),
                Environment.empty(),
                Descriptors.none().with(1, OutputStream.nullOutputStream()),
                Path.of("/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kil",
                "kill --rounds",
                "kill --rounds 0",
                "kill --rounds 1000001",
                "kill --rounds many",
                "kill --seeds 1",
                "full-disk --rounds 2",
                "read-only --rounds -1"
            })
    void aProofThatIsNoneOrAWrongOptionIsAnsweredWithTheUsage(String arguments) {
        assertThatExceptionOfType(Complaint.class)
                .isThrownBy(() -> new ProcessProofs(Path.of("/nowhere/bin")).run(call(arguments)))
                .satisfies(usage -> assertThat(usage.exitCode()).isEqualTo(ExitCode.PERMANENT))
                .withMessageStartingWith("tawny: usage: tawny prove kill");
    }

    @Test
    void aNameAsksForAProofWithRealProcessesAndAnOptionForTheSimulatedDisk() {
        assertThat(ProcessProofs.isAskedBy(call("kill"))).isTrue();
        assertThat(ProcessProofs.isAskedBy(call("--seeds 3"))).isFalse();
    }
}
