package org.tawnymail.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tawnymail.hostile.HostileHost;
import org.tawnymail.hostile.HostileInputs;

/** IDENT servers that say whatever they like about a connection. */
class HostileIdentTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGEST = 257;

    @Test
    void everyReplyIsAValueForAnEnvironmentOrNone() throws Exception {
        try (HostileHost host = new HostileHost()) {
            Ident ident = new Ident(host.port());
            InetSocketAddress here = new InetSocketAddress(host.address(), 25);
            HostileInputs.of("IDENT replies")
                    .pieces("25 , 4000", " : ", ":", "USERID", "UNIX", "ann", "\r\n", "ERROR", "\0")
                    .samples("4000 , 25 : USERID : UNIX : ann\r\n", "4000,25:ERROR:NO-USER\r\n")
                    .each((input, random) -> {
                        host.says(input);
                        Optional<String> value = ident.ask(here, new InetSocketAddress(host.address(), 4000), PATIENCE);
                        assertThat(value.orElse(""))
                                .hasSizeLessThanOrEqualTo(LONGEST)
                                .doesNotContain("\0", "\n", "\r", " ");
                    });
        }
    }
}
