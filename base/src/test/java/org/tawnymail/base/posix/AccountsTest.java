package org.tawnymail.base.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountsTest {

    @Test
    void everyLineOfThePasswdFileIsFoundByItsName() throws IOException {
        for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
            String[] field = line.split(":", -1);
            if (field.length != 7 || line.startsWith("#") || line.startsWith("+")) {
                continue;
            }
            Account account = Accounts.byName(field[0]).orElseThrow();
            assertThat(account.name()).isEqualTo(field[0]);
            assertThat(account.passwordField()).isEqualTo(field[1]);
            assertThat(account.uid()).isEqualTo(Integer.parseUnsignedInt(field[2]));
            assertThat(account.gid()).isEqualTo(Integer.parseUnsignedInt(field[3]));
            assertThat(account.home()).isEqualTo(field[5]);
            assertThat(account.shell()).isEqualTo(field[6]);
        }
    }

    @Test
    void rootIsFoundByNumber() throws IOException {
        assertThat(Accounts.byUid(0).orElseThrow().name()).isEqualTo("root");
        assertThat(Accounts.groupByGid(0).orElseThrow().name()).isEqualTo("root");
        assertThat(Accounts.groupByName("root")).contains(new Group("root", 0));
    }

    @Test
    void nobodyHasAnUnknownNameAndThatIsNoError() throws IOException {
        assertThat(Accounts.byName("no-such-account")).isEmpty();
        assertThat(Accounts.byName("")).isEmpty();
        assertThat(Accounts.byName("root\0x")).isEmpty();
        assertThat(Accounts.byName("x".repeat(5000))).isEmpty();
        assertThat(Accounts.byUid(2_000_000_123)).isEmpty();
        assertThat(Accounts.groupByName("no-such-group")).isEmpty();
        assertThat(Accounts.shadowPassword("no-such-account")).isEmpty();
    }

    @Test
    void theShadowPasswordIsForRootAlone() throws IOException {
        if (ThisProcess.effectiveUid() == 0) {
            String line = Files.readAllLines(Path.of("/etc/shadow")).stream()
                    .filter(entry -> entry.startsWith("root:"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Accounts.shadowPassword("root")).contains(line.split(":", -1)[1]);
        } else {
            // systemd's part of NSS answers with a hash that no password has
            assertThat(Accounts.shadowPassword("root").filter(hash -> !hash.startsWith("!")))
                    .isEmpty();
        }
    }

    @Test
    void anAccountBringsItsMainGroupAndItsOthers() throws IOException {
        Account root = Accounts.byName("root").orElseThrow();
        assertThat(Accounts.withAllGroups(root).groups()).contains(root.gid());
        assertThat(root.identity()).isEqualTo(new Identity(0, 0, List.of(0)));
        assertThat(root.toString()).doesNotContain(root.passwordField() + ":").contains("root");
    }

    @Test
    void aPasswordIsCheckedWithTheHashOfTheSystem() {
        String hash = PasswordHash.of("secret", "$6$saltsalt$").orElseThrow();
        assertThat(hash).startsWith("$6$saltsalt$").hasSize(98);
        assertThat(PasswordHash.matches("secret", hash)).isTrue();
        assertThat(PasswordHash.matches("Secret", hash)).isFalse();
        assertThat(PasswordHash.matches("", "")).isFalse();
        assertThat(PasswordHash.matches("x", "*")).isFalse();
        assertThat(PasswordHash.matches("x", "!" + hash)).isFalse();
        assertThat(PasswordHash.matches("x", "$nonsense$")).isFalse();
        assertThat(PasswordHash.matches("x".repeat(600), hash)).isFalse();
    }
}
