package org.tawnymail.assembly;

import org.junit.jupiter.api.Test;

/** Disks that are full or break under a running server; {@code ./tawny prove} does the same with more rounds. */
class BrokenDiskTest {

    @Test
    void aFullDiskRefusesForNowDeliversOnAndRecoversWithoutARestart() throws Exception {
        Proving.proves("full-disk");
    }

    @Test
    void aDiskThatTurnsReadOnlyLosesNothingThatWasAcknowledged() throws Exception {
        Proving.proves("read-only", "--rounds", "1");
    }
}
