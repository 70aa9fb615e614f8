package org.tawnymail.base.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;

class SharedLogTest {

    @Test
    void aNameInALineCanNeitherForgeALineNorSpeakToATerminal() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SharedLog(out).line("queue: kept as drop/x\nnew msg 99\033[2J\177\t\u00fc");
        assertThat(Octets.text(out.toByteArray())).isEqualTo("queue: kept as drop/x/new msg 99_[2J__\u00fc\n");
    }
}
