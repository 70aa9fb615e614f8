package org.tawnymail.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No loss of power loses mail; and the proof of that notices when one does. More with {@code tawny prove --seeds N}. */
@Timeout(300)
class ProofTest {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int THREADS = 2;

    @TempDir
    Path folder;

    @Test
    void noLossOfPowerLosesMail() throws Exception {
        Proof proof = new Proof(Prove.controls(folder), Optional.empty());
        proof.start(1, 20, THREADS);
        assertThat(proof.await(LIMIT)).isTrue();
        assertThat(proof.violations()).isEmpty();
        assertThat(proof.cuts()).isGreaterThan(1000);
    }

    @ParameterizedTest
    @EnumSource(Mistake.class)
    void aPlantedMistakeIsFound(Mistake mistake) throws Exception {
        Proof proof = new Proof(Prove.controls(folder), Optional.of(mistake));
        proof.start(1, 500, THREADS);
        assertThat(proof.await(LIMIT)).isTrue();
        assertThat(proof.violations()).isNotEmpty();
    }
}
