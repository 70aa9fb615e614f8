package org.tawnymail.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.Scratch;
import org.tawnymail.queue.Channel;
import org.tawnymail.queue.Routing;

/** virtualdomains and percenthack as a person writes them, and recipients as a stranger does. */
class HostileRoutingTest {

    private static final int LONGEST_ADDRESS = 1002;

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyVirtualDomainsFileGivesEveryRecipientOneWay() throws Exception {
        ControlFiles controls = new ControlFiles(directory);
        Files.writeString(directory.resolve("me"), "mail.corp.test\n");
        HostileInputs.of("virtualdomains")
                .pieces("virt.test", ".virt.test", ":", "ann", "joe@virt.test", "\n", "@", "%", "-", "mail.corp.test")
                .samples("virt.test:ann\n.virt.test:bob\njoe@virt.test:kim\nhole.virt.test:\n:rest\n")
                .each((input, random) -> {
                    Files.write(directory.resolve("virtualdomains"), input);
                    Files.write(directory.resolve("percenthack"), input);
                    RecipientRouting routing = RecipientRouting.read(controls);
                    String own = Octets.text(input, 0, Math.min(input.length, LONGEST_ADDRESS))
                            .replace("\0", "");
                    List<String> recipients = List.of(
                            "ann@virt.test",
                            "joe@VIRT.test",
                            "x@a.b.virt.test",
                            "bare",
                            "",
                            own,
                            "%".repeat(900) + "@" + own);
                    for (String recipient : recipients) {
                        Routing way = routing.route(recipient);
                        assertThat(way.address()).contains("@");
                        if (way.channel() == Channel.REMOTE) {
                            assertThat(way.address().length())
                                    .isLessThanOrEqualTo(recipient.length() + "@mail.corp.test".length());
                        }
                        assertThat(way.address()).endsWith(routing.withoutPrepend(way.address()));
                    }
                });
    }
}
