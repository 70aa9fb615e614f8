package org.tawnymail.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that shows a qmail user's day, run as a user would; it ends at the first thing that is not as in qmail. */
class UsersDayTest {

    /** Ten seconds on a machine that has nothing else to do. */
    private static final long LIMIT_SECONDS = 300;

    @TempDir
    Path directory;

    @Test
    void aQmailUsersDayIsAGoodDay() throws Exception {
        Path script = Installation.shared().launcher().resolveSibling("examples/users-day");
        Installation.Result day =
                Installation.run(directory, Map.of(), new byte[0], List.of("bash", script.toString()), LIMIT_SECONDS);
        assertThat(day.exitCode()).as(day.text() + day.errors()).isZero();
        assertThat(day.text()).contains("A good day: 14 steps.");
    }
}
