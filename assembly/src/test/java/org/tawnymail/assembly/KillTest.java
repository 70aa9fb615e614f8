package org.tawnymail.assembly;

import org.junit.jupiter.api.Test;

/** {@code kill -9} under load, a few times; {@code ./tawny prove kill} does it 500 times. */
class KillTest {

    @Test
    void nothingAcknowledgedIsLostOrTornHoweverOftenTheServerIsKilled() throws Exception {
        Proving.proves("kill", "--rounds", "8");
    }

    @Test
    void nothingAcknowledgedIsLostOrTornWhenPartsOfAnInstalledSystemAreKilled() throws Exception {
        Proving.proves("kill-parts", "--rounds", "4");
    }
}
