package org.tawnymail.base.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MailAddressTest {

    @Test
    void theLastAtPartsLocalPartAndDomain() {
        MailAddress address = MailAddress.of("a@b@corp.example");
        assertThat(address.local()).isEqualTo("a@b");
        assertThat(address.domain()).contains("corp.example");
        assertThat(address).hasToString("a@b@corp.example");
    }

    @Test
    void anAddressWithoutAnAtIsAllLocalPart() {
        assertThat(MailAddress.of("box").local()).isEqualTo("box");
        assertThat(MailAddress.of("box").domain()).isEmpty();
        assertThat(MailAddress.of("box@").domain()).contains("");
    }

    @Test
    void theEmptyAddressStaysEmptyAndAnEmptyLocalPartDoesNot() {
        assertThat(MailAddress.quoted("")).isEmpty();
        assertThat(MailAddress.quoted("@corp.example")).isEqualTo("\"\"@corp.example");
        assertThat(MailAddress.of("").isEmpty()).isTrue();
        assertThat(MailAddress.of("@").isEmpty()).isFalse();
    }

    @Test
    void aDotAtomNeedsNoQuotes() {
        String plain = "azAZ09!#$%&'*+-/=?^_`{|}~.b@corp.example";
        assertThat(MailAddress.quoted(plain)).isEqualTo(plain);
    }

    @Test
    void dotsAtTheEndsOrTwoInARowNeedQuotes() {
        assertThat(MailAddress.quotedLocal(".a")).isEqualTo("\".a\"");
        assertThat(MailAddress.quotedLocal("a.")).isEqualTo("\"a.\"");
        assertThat(MailAddress.quotedLocal("a..b")).isEqualTo("\"a..b\"");
        assertThat(MailAddress.quotedLocal(".")).isEqualTo("\".\"");
        assertThat(MailAddress.quotedLocal("a.b.c")).isEqualTo("a.b.c");
    }

    @Test
    void everyOtherOctetNeedsQuotes() {
        for (char c : " \t\0\u007f\u0080\u00ff\"\\(),:;<>@[]\r\n".toCharArray()) {
            assertThat(MailAddress.needsQuotes("a" + c + "b"))
                    .as("octet %d", (int) c)
                    .isTrue();
        }
    }

    @Test
    void insideQuotesFourOctetsGetABackslash() {
        assertThat(MailAddress.quotedLocal("a\rb\nc\"d\\e f")).isEqualTo("\"a\\\rb\\\nc\\\"d\\\\e f\"");
    }

    @Test
    void theDomainIsCopiedWhateverItHolds() {
        assertThat(MailAddress.quoted("an na@[a \"b]")).isEqualTo("\"an na\"@[a \"b]");
    }

    @Test
    void anyOctetsComeBackWhenTheQuotesAreTakenOff() {
        Random random = new Random(20261122);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder local = new StringBuilder();
            for (int i = random.nextInt(8); i > 0; i--) {
                local.append((char) random.nextInt(256));
            }
            assertThat(unquoted(MailAddress.quotedLocal(local.toString()))).isEqualTo(local.toString());
        }
    }

    private static String unquoted(String quoted) {
        if (!quoted.startsWith("\"")) {
            return quoted;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 1; i < quoted.length() - 1; i++) {
            if (quoted.charAt(i) == '\\') {
                i++;
            }
            plain.append(quoted.charAt(i));
        }
        return plain.toString();
    }
}
