package org.tawnymail.base.netstring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;

class NetstringTest {

    @Test
    void theExamplesOfTheSpec() throws IOException {
        assertThat(Netstring.of("hello")).isEqualTo(Octets.of("5:hello,"));
        assertThat(Netstring.of("")).isEqualTo(Octets.of("0:,"));
        assertThat(read("5:hello,")).isEqualTo("hello");
        assertThat(read("0005:hello,")).isEqualTo("hello");
        assertThat(read(":,")).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Random random = new Random(4);
        for (int i = 0; i < 500; i++) {
            byte[] octets = new byte[random.nextInt(2000)];
            random.nextBytes(octets);
            assertThat(Netstring.read(new ByteArrayInputStream(Netstring.of(octets)), 2000))
                    .isEqualTo(octets);
        }
    }

    @Test
    void aBadNetstringIsRefusedBeforeItCostsMemory() {
        assertThatThrownBy(() -> read("5:hello;")).isInstanceOf(Netstring.Malformed.class);
        assertThatThrownBy(() -> read("5 :hello,")).isInstanceOf(Netstring.Malformed.class);
        assertThatThrownBy(() -> read("-1:,")).isInstanceOf(Netstring.Malformed.class);
        assertThatThrownBy(() -> read("0".repeat(100) + "1:a,")).isInstanceOf(Netstring.Malformed.class);
        assertThatThrownBy(() -> read("1001:")).isInstanceOf(Netstring.TooLong.class);
        assertThatThrownBy(() -> read("99999999999999999999:")).isInstanceOf(Netstring.TooLong.class);
        assertThatThrownBy(() -> read("5:hell")).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> read("5:hello")).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> read("")).isInstanceOf(EOFException.class);
    }

    private static String read(String netstring) throws IOException {
        return Octets.text(Netstring.read(new ByteArrayInputStream(Octets.of(netstring)), 1000));
    }
}
