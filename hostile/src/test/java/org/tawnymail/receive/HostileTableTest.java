package org.tawnymail.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.cdb.CdbWriter;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.hostile.HostileInputs;
import org.tawnymail.hostile.Scratch;

/** A morercpthosts.cdb that is damaged must end in an answer, and never in a relay that is open. */
class HostileTableTest {

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void aDamagedTableOfDomainsIsToldAndOpensNothing() throws Exception {
        Files.writeString(directory.resolve("rcpthosts"), "corp.test\n");
        Path table = directory.resolve("morercpthosts.cdb");
        try (CdbWriter writer = CdbWriter.create(directory.resolve("tmp"))) {
            writer.add("more.test", "");
            writer.add(".sub.more.test", "");
            writer.finish(table);
        }
        HostileInputs.of("morercpthosts.cdb").sample(Files.readAllBytes(table)).each((input, random) -> {
            Files.write(table, input);
            RecipientDomains.Allowed domains = new RecipientDomains(new ControlFiles(directory)).now();
            assertThat(domains.covers("ann@corp.test")).isTrue();
            for (String recipient : new String[] {"ann@more.test", "ann@x.sub.more.test", "ann@elsewhere.example"}) {
                try {
                    boolean covered = domains.covers(recipient);
                    assertThat(covered && recipient.endsWith("example")).isFalse();
                } catch (UnusableControls unusable) {
                    assertThat(unusable).hasMessageContaining("morercpthosts.cdb");
                }
            }
        });
    }
}
