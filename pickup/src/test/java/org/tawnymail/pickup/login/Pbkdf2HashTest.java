package org.tawnymail.pickup.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tawnymail.base.Octets;

class Pbkdf2HashTest {

    /** Made with Python's hashlib; the password is UTF-8, thus two octets for its last letter. */
    private static final String GOLDEN =
            "$pbkdf2-sha256$29000$8PHy8/T19vf4.fr7/P3./w$TaeFt3dEm7ToAYZvi7iIhdBXbCmtQumvoyWiGnwhhls";

    @Test
    void aHashThatAnotherProgramMadeIsUnderstood() {
        Pbkdf2Hash hash = Pbkdf2Hash.parse(GOLDEN).orElseThrow();
        String password = Octets.text("geheim \u00f1".getBytes(StandardCharsets.UTF_8));
        assertThat(hash.matches(password)).isTrue();
        assertThat(hash.matches("geheim \u00f1")).isFalse();
        assertThat(hash.matches("")).isFalse();
        assertThat(hash.text()).isEqualTo(GOLDEN);
    }

    /** RFC 7914, section 11: the first block. */
    @Test
    void theDerivationIsThatOfTheStandard() {
        assertThat(HexFormat.of().formatHex(Pbkdf2Hash.derive("passwd", Octets.of("salt"), 1)))
                .isEqualTo("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "!",
                "$pbkdf2-sha256$",
                "$pbkdf2-sha256$0$c2FsdA$TaeFt3dEm7ToAYZvi7iIhdBXbCmtQumvoyWiGnwhhls",
                "$pbkdf2-sha256$99999999999$c2FsdA$TaeFt3dEm7ToAYZvi7iIhdBXbCmtQumvoyWiGnwhhls",
                "$pbkdf2-sha256$1000$c2FsdA$",
                "$pbkdf2-sha256$1000$c2FsdA$TaeFt3dEm7ToAYZvi7iIhdBXbCmtQumvoyWiGnwh",
                "$pbkdf2-sha256$1000$c2!sdA$TaeFt3dEm7ToAYZvi7iIhdBXbCmtQumvoyWiGnwhhls",
                "$pbkdf2-sha256$1000$c2FsdA$TaeFt3dEm7ToAYZvi7iIhdBXbCmtQumvoyWiGnwhhls$x",
                "$6$salt$hash",
            })
    void whatIsNoHashIsNone(String text) {
        assertThat(Pbkdf2Hash.parse(text)).isEmpty();
    }

    @Test
    void noTextBreaksTheReader() {
        Random random = new Random(5);
        for (int round = 0; round < 5_000; round++) {
            char[] text = GOLDEN.toCharArray();
            for (int change = 0; change < 3; change++) {
                text[random.nextInt(text.length)] = (char) random.nextInt(256);
            }
            Pbkdf2Hash.parse(new String(text))
                    .ifPresent(hash -> assertThat(hash.text()).isNotEmpty());
        }
    }

    @Test
    void theDecoyMatchesNothing() {
        assertThat(Pbkdf2Hash.DECOY.matches("")).isFalse();
        assertThat(Pbkdf2Hash.DECOY.matches("\0")).isFalse();
    }
}
