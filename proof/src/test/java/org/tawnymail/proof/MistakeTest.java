package org.tawnymail.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tawnymail.base.control.Home;

/** The proof notices when mail is lost. */
@Timeout(300)
class MistakeTest {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int THREADS = 4;
    private static final int SEEDS = 60;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(value = Mistake.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aPlantedMistakeIsFound(Mistake mistake) throws Exception {
        assertThat(prove(mistake).violations()).isNotEmpty();
    }

    private Proof prove(Mistake mistake) throws Exception {
        Proof proof = new Proof(Prove.controls(folder), mistake);
        proof.start(1, SEEDS, THREADS);
        assertThat(proof.await(LIMIT)).isTrue();
        return proof;
    }

    @Test
    void aViolationCanBeKeptAndRepeated() throws Exception {
        Violation found = prove(Mistake.FORCE_LEFT_OUT).violations().getFirst();
        Violation read = RecordingText.read(RecordingText.of(found));
        assertThat(read.line()).isEqualTo(found.line());
        List<Integer> before = read.cuts().subList(0, read.cuts().size() - 1);
        Home controls = Prove.controls(folder);
        for (int i = 0; i < 3; i++) {
            PowerCut power = new PowerCut(controls, Mistake.NONE, read.seed(), before.size());
            power.again(read.recordings(), before);
            assertThat(power.violations()).extracting(Violation::line).contains(found.line());
        }
    }
}
