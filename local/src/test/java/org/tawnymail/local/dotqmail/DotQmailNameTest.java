package org.tawnymail.local.dotqmail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DotQmailNameTest {

    static Stream<Arguments> theTableOfTheSpec() {
        return Stream.of(
                Arguments.of("", "", List.of(".qmail", ".qmaildefault")),
                Arguments.of("-", "foo", List.of(".qmail-foo", ".qmail-default")),
                Arguments.of("-", "Foo.B-bar", List.of(".qmail-foo:b-bar", ".qmail-foo:b-default", ".qmail-default")),
                Arguments.of("-", "foo-", List.of(".qmail-foo-", ".qmail-foo-default", ".qmail-default")),
                Arguments.of("-", "", List.of(".qmail-", ".qmail-default")),
                Arguments.of("-/", "lists-a", List.of(".qmail-/lists-a", ".qmail-/lists-default", ".qmail-/default")),
                Arguments.of("-", "../../etc", List.of(".qmail-::/::/etc", ".qmail-default")));
    }

    @ParameterizedTest
    @MethodSource("theTableOfTheSpec")
    void filesAreTriedFromTheWholeExtensionDownToDefault(String dash, String ext, List<String> names) {
        assertThat(DotQmailName.candidates(dash, ext))
                .extracting(DotQmailName::fileName)
                .containsExactlyElementsOf(names);
    }

    @Test
    void defaultStandsForTheRestOfTheExtensionInItsOwnLetterCase() {
        assertThat(DotQmailName.candidates("-", "Lists.Foo-Bar"))
                .containsExactly(
                        new DotQmailName(".qmail-lists:foo-bar", Optional.empty()),
                        new DotQmailName(".qmail-lists:foo-default", Optional.of("Bar")),
                        new DotQmailName(".qmail-default", Optional.of("Lists.Foo-Bar")));
    }

    @Test
    void anExtensionThatItselfEndsInDefaultMatchesItsLastSevenLetters() {
        assertThat(DotQmailName.candidates("-", "a-DeFault").getFirst())
                .isEqualTo(new DotQmailName(".qmail-a-default", Optional.of("DeFault")));
    }

    @Test
    void theOwnerFilesGoByTheWholeExtension() {
        assertThat(DotQmailName.owner("-", "My.List")).isEqualTo(".qmail-my:list-owner");
        assertThat(DotQmailName.ownerDefault("-", "My.List")).isEqualTo(".qmail-my:list-owner-default");
    }

    @Test
    void noExtensionWhateverNamesAFileOutsideTheHome() {
        Random random = new Random(17);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder ext = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--) {
                ext.append("./-A\0\u00ffdefault".charAt(random.nextInt(13)));
            }
            for (DotQmailName name : DotQmailName.candidates("-", ext.toString())) {
                assertThat(name.fileName()).startsWith(".qmail-");
                assertThat(name.fileName().substring(1)).doesNotContain(".");
            }
        }
    }
}
