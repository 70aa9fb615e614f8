package org.tawnymail.pickup.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tawnymail.base.posix.Account;
import org.tawnymail.base.posix.Identity;
import org.tawnymail.base.posix.PasswordHash;
import org.tawnymail.pickup.ProgramsInside;

class CheckpasswordTest {

    @TempDir
    private Path directory;

    private final ProgramsInside commands = Knock.commands();
    private final FakeSystem system = new FakeSystem();

    @Test
    void anAccountWithItsPasswordRunsTheProgramAsItself() throws IOException {
        Knock knock = knock("kim", "right");
        assertThat(knock.said())
                .isEqualTo("[Maildir] in " + directory + " as {HOME=" + directory
                        + ", SHELL=/bin/ksh, TCPREMOTEIP=192.0.2.1, USER=kim}");
        assertThat(knock.exitCode()).isEqualTo(7);
        assertThat(commands.identities()).containsExactly(new Identity(1050, 1051));
    }

    @ParameterizedTest
    @CsvSource({
        "kim, wrong",
        "kim, ''",
        "pat, right",
        "'', right",
        "KIM, right",
        "empty, ''",
        "locked, right",
        "locked, '!'"
    })
    void anyOtherIsSentAwayWithoutAWord(String login, String password) throws IOException {
        assertThat(knock(login, password)).isEqualTo(new Knock(1, "", ""));
        assertThat(commands.identities()).isEmpty();
    }

    @Test
    void theShadowDatabaseGoesBeforeThePasswordDatabase() throws IOException {
        system.shadow.put("kim", system.hash("new"));
        assertThat(knock("kim", "right").exitCode()).isEqualTo(1);
        assertThat(knock("kim", "new").exitCode()).isEqualTo(7);
    }

    @Test
    void anOrdinaryProcessServesItsOwnAccountAtBest() throws IOException {
        system.uid = 1050;
        assertThat(knock("kim", "right").exitCode()).isEqualTo(7);
        for (String login : new String[] {"locked", "pat"}) {
            Knock knock = knock(login, "right");
            assertThat(knock.exitCode()).isEqualTo(111);
            assertThat(knock.complaints())
                    .isEqualTo("checkpassword: fatal: unable to let others log in: not started as root\n");
        }
    }

    /** If the library refused the decoy at once, the time of the answer would tell who has an account. */
    @Test
    void forANameThatNobodyHasAHashIsComputedToo() {
        assertThat(PasswordHash.of("right", Checkpassword.DECOY)).isPresent();
        assertThat(PasswordHash.matches("right", Checkpassword.DECOY)).isFalse();
    }

    @Test
    void aHomeThatIsNotThereIsTemporaryTrouble() throws IOException {
        Knock knock = knock("empty", "right", system.hash("right"));
        assertThat(knock.exitCode()).isEqualTo(111);
        assertThat(knock.complaints()).contains("unable to enter the home directory of empty: /nowhere");
    }

    private Knock knock(String login, String password, String shadow) throws IOException {
        system.shadow.put(login, shadow);
        return knock(login, password);
    }

    private Knock knock(String login, String password) throws IOException {
        return Knock.at(new Checkpassword(commands, new PasswordWork(), system), directory, login, password);
    }

    /** A system with three accounts; its hashes are the cheapest that its library makes. */
    private final class FakeSystem implements SystemPasswords {

        private final Map<String, String> shadow = new HashMap<>();
        private int uid;

        private String hash(String password) {
            return PasswordHash.of(password, "$5$rounds=1000$salt$").orElseThrow();
        }

        @Override
        public Optional<Account> account(String name) {
            return switch (name) {
                case "kim" ->
                    Optional.of(new Account(name, 1050, 1051, directory.toString(), "/bin/ksh", hash("right")));
                case "locked" ->
                    Optional.of(new Account(name, 1060, 1061, directory.toString(), "", "!" + hash("right")));
                case "empty" -> Optional.of(new Account(name, 1070, 1071, "/nowhere", "", ""));
                default -> Optional.empty();
            };
        }

        @Override
        public Optional<String> shadowPassword(String name) {
            return Optional.ofNullable(shadow.get(name));
        }

        @Override
        public boolean matches(String password, String hash) {
            return PasswordHash.matches(password, hash);
        }

        @Override
        public int uid() {
            return uid;
        }
    }
}
