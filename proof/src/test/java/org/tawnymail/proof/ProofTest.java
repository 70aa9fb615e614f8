package org.tawnymail.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.control.Home;

/** No loss of power loses mail. More with {@code tawny prove --seeds N}. */
@Timeout(300)
class ProofTest {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int THREADS = 4;
    private static final int SEEDS = 16;

    @TempDir
    Path folder;

    @Test
    void noLossOfPowerLosesMail() throws Exception {
        Proof proof = new Proof(Prove.controls(folder), Mistake.NONE);
        proof.start(1, SEEDS, THREADS);
        assertThat(proof.await(LIMIT)).isTrue();
        assertThat(proof.violations()).extracting(Violation::line).isEmpty();
        assertThat(proof.scenarios()).isEqualTo(SEEDS);
        assertThat(proof.cuts()).isGreaterThan(5000);
        assertThat(proof.furtherCuts()).as("cuts after another one").isGreaterThan(proof.cuts() / 4);
    }

    @Test
    void everythingThatTheProofSpeaksOfHappens() throws Exception {
        Home controls = Prove.controls(folder);
        Set<Coverage.Feature> seen = EnumSet.noneOf(Coverage.Feature.class);
        for (long seed = 1; seed <= 4 * SEEDS; seed++) {
            seen.addAll(Coverage.of(Scenario.run(controls, Mistake.NONE, seed)));
        }
        assertThat(seen).containsExactlyInAnyOrder(Coverage.Feature.values());
    }
}
