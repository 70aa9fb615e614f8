package org.tawnymail.base.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerpTest {

    @Test
    void eachRecipientsCopyComesFromAnAddressThatNamesTheRecipient() {
        assertThat(Verp.expand("news-owner-@list.test-@[]", "kim@far.test"))
                .isEqualTo("news-owner-kim=far.test@list.test");
        assertThat(Verp.expand("a@b@list.test-@[]", "k@m@far.test")).isEqualTo("a@bk@m=far.test@list.test");
        assertThat(Verp.expand("@-@[]", "@")).isEqualTo("=@");
    }

    @Test
    void everyOtherSenderStaysAsItIs() {
        assertThat(Verp.expand("ann@corp.example", "kim@far.test")).isEqualTo("ann@corp.example");
        assertThat(Verp.expand("", "kim@far.test")).isEmpty();
        assertThat(Verp.expand("#@[]", "kim@far.test")).isEqualTo("#@[]");
        assertThat(Verp.expand("-@[]", "kim@far.test")).isEqualTo("-@[]");
        assertThat(Verp.expand("nohost-@[]", "kim@far.test")).isEqualTo("nohost-@[]");
        assertThat(Verp.expand("news-owner-@list.test-@[]", "kim")).isEqualTo("news-owner-@list.test-@[]");
    }

    @Test
    void bouncesOfTheWholeMessageGoToTheSenderWithoutTheMark() {
        assertThat(Verp.unmarked("news-owner-@list.test-@[]")).isEqualTo("news-owner-@list.test");
        assertThat(Verp.unmarked("#@[]")).isEqualTo("#@[]");
        assertThat(Verp.unmarked("-@[]")).isEmpty();
    }
}
