package org.tawnymail.tcp.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.Scratch;

/** The search list as whoever runs the local network sends it. */
class HostileSearchTest {

    private static final int MOST_CANDIDATES = 7;

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everySearchListGivesAFewNamesAndTheNameItself() throws Exception {
        Path file = directory.resolve("resolv.conf");
        HostileInputs.of("search list")
                .pieces("search ", "domain ", "corp.test ", ". ", "\n", "\t", "a.b.c.d.e ")
                .samples("domain corp.test\nsearch corp.test lab.corp.test\nnameserver 192.0.2.1\n")
                .each((input, random) -> {
                    Files.write(file, input);
                    SearchList list = SearchList.of(file);
                    String own = Octets.text(input, 0, Math.min(input.length, 300));
                    for (String name : List.of("mail", "mail.corp.test", "mail.", "", own)) {
                        assertThat(list.candidates(name))
                                .contains(name)
                                .hasSizeLessThanOrEqualTo(MOST_CANDIDATES)
                                .allMatch(candidate -> candidate.startsWith(name));
                    }
                });
    }
}
