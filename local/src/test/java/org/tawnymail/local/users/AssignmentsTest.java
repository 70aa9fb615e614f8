package org.tawnymail.local.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tawnymail.local.users.Assignments.Entry;

class AssignmentsTest {

    @Test
    void theLinesOfTheSpecBecomeItsKeysAndValues() {
        String assign = """
                =Ann:ann:1042:1042:/home/ann:::
                +ann-:ann:1042:1042:/home/ann:-::
                +:alias:7790:2108:/var/qmail/alias:-::
                .
                """;
        assertThat(Assignments.parse(assign).orElseThrow().entries())
                .containsExactly(
                        new Entry("!ann\0", "ann\0" + "1042\0" + "1042\0" + "/home/ann\0\0"),
                        new Entry("!ann-", "ann\0" + "1042\0" + "1042\0" + "/home/ann\0-\0"),
                        new Entry("!", "alias\0" + "7790\0" + "2108\0" + "/var/qmail/alias\0-\0"),
                        new Entry("", "-"));
    }

    @Test
    void theLastLettersOfPrefixesAreListedOnceInOrderAndInTheirOwnLetterCase() {
        String assign = "+a-:u:1:1:/:::\n+b+:u:1:1:/:::\n+c-:u:1:1:/:::\n+dD:u:1:1:/:::\n+:u:1:1:/:::\n.\n";
        assertThat(Assignments.parse(assign).orElseThrow().entries().getLast()).isEqualTo(new Entry("", "-+D"));
    }

    @Test
    void whatFollowsTheSixthFieldIsIgnored() {
        assertThat(Assignments.parse("=a:u:1:2:/h:-:x:more:and more\n.\n")
                        .orElseThrow()
                        .entries()
                        .getFirst())
                .isEqualTo(new Entry("!a\0", "u\0" + "1\0" + "2\0/h\0-\0x"));
    }

    @Test
    void anyFirstSignButAPlusMeansExactly() {
        assertThat(Assignments.parse("#a:u:1:2:/h:-:x:\n.\n")
                        .orElseThrow()
                        .entries()
                        .getFirst()
                        .key())
                .isEqualTo("!a\0");
    }

    @Test
    void whatFollowsTheDotIsNotRead() {
        assertThat(Assignments.parse(".\nrubbish")).isPresent();
        assertThat(Assignments.parse(".rubbish")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "=a:u:1:2:/h:-:x:\n",
                "=a:u:1:2:/h:-:x:",
                "=a\n.\n",
                ":u:1:2:/h:-:x:\n.\n",
                "=a:u:1:2:/h:-:x\n.\n",
                "=a:u:1:2:/h:-:x\0:\n.\n",
                "\n.\n"
            })
    void aLineWithoutItsFieldsOrAMissingLastLineIsABadFormat(String assign) {
        assertThat(Assignments.parse(assign)).isEmpty();
    }

    @Test
    void noBytesWhateverMakeItFail() {
        Random random = new Random(11);
        int understood = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder assign = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                assign.append("=+a:::::::\n.\0\u00ff".charAt(random.nextInt(14)));
            }
            understood += Assignments.parse(assign.toString()).isPresent() ? 1 : 0;
        }
        assertThat(understood).isPositive();
    }

    @Test
    void whatWasAssignedIsReadBack() throws LookupFailure {
        Random random = new Random(12);
        for (int i = 0; i < 1_000; i++) {
            LocalUser user = new LocalUser(
                    word(random), random.nextInt(), random.nextInt(), "/" + word(random), word(random), word(random));
            String fields = user.encoded().replace('\0', ':');
            Entry entry = Assignments.parse("=x:" + fields + "\n.\n")
                    .orElseThrow()
                    .entries()
                    .getFirst();
            assertThat(LocalUser.decode(entry.value() + "\0")).isEqualTo(user);
        }
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int n = random.nextInt(10); n > 0; n--) {
            char c = (char) (1 + random.nextInt(255));
            word.append(c == ':' || c == '\n' ? '-' : c);
        }
        return word.toString();
    }
}
