package org.tawnymail.message.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a field with addresses comes out, and which recipients it has. */
class AddressFieldTest {

    private final List<String> found = new ArrayList<>();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ann                            | ann@mail.corp.example
            ann@lab                        | ann@lab.corp.example
            ann@lab.cs+                    | ann@lab.cs.big.example
            ann@x+                         | ann@x.big.example
            ann@[10.1.2.3]                 | ann@[10.1.2.3]
            ann@[]                         | ann@[]
            <@r1,@r2:ann@lab>              | <ann@lab.corp.example>
            ann@host.test.                 | ann@host.test
            ann@                           | ann@mail.corp.example
            <>                             | <>
            z+                             | z+@mail.corp.example
            Friends: a@b.test, c;, d       | Friends: a@b.test, c@mail.corp.example;, d@mail.corp.example
            a@b.test (x) , (y) c@d.test    | a@b.test (x), c@d.test (y)
            a b                            | a@mail.corp.example, b@mail.corp.example
            a <b@c.test> d                 | a <b@c.test>, d@mail.corp.example
            Jo Q. Public <x@y.test>        | Jo Q.Public <x@y.test>
            "Jo Q. Public" <x@y.test>      | "Jo Q. Public" <x@y.test>
            bob)                           | "bob\\)"@mail.corp.example
            a . b @ c . test               | a.b@c.test
            a(in)b@c.test                  | a@mail.corp.example, b@c.test (in)
            g: ;                           | g: ;
            g: a; b                        | g: a@mail.corp.example;, b@mail.corp.example
            a b: c;                        | a b: c@mail.corp.example;
            h, a b: c;                     | h@mail.corp.example, a b: c@mail.corp.example;
            (a (nested) one) x             | x@mail.corp.example (a nested one)
            a\\,b@c.test                   | "a,b"@c.test
            a\\xb@c.test                   | axb@c.test
            a\\"b@c.test                   | a\\"b@c.test
            a,,b                           | a@mail.corp.example, , b@mail.corp.example
            a,                             | a@mail.corp.example,
            """)
    void everyAddressGetsAHost(String list, String completed) {
        assertThat(field(list)).isEqualTo("To: " + completed);
    }

    @Test
    void aLoneHostIsAnEmptyAddressAndAnEmptyRecipient() {
        assertThat(field("@lab")).isEqualTo("To:");
        assertThat(found).containsExactly("");
    }

    @Test
    void emptyAnglesAreAnEmptyRecipient() {
        assertThat(field("<>, a@b.test")).isEqualTo("To: <>, a@b.test");
        assertThat(found).containsExactly("a@b.test", "");
    }

    @Test
    void recipientsAreFoundFromRightToLeftAndWithoutQuotes() {
        field("\"an na\"@a.test, g: \"b\\\"c\"@b.test, d@[1.2.3.4];, (no) e@f.test");
        assertThat(found).containsExactly("e@f.test", "d@[1.2.3.4]", "b\"c@b.test", "an na@a.test");
    }

    @Test
    void aCommentBetweenAnglesIsNoPartOfTheRecipient() {
        assertThat(field("x <ann (the) @ b.test>")).isEqualTo("To: x <ann (the)@b.test>");
        assertThat(found).containsExactly("ann@b.test");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            a; b; c@d.test       | c@d.test b@mail.corp.example
            x: a, b              | b@mail.corp.example a@mail.corp.example
            a, b>, c             | c@mail.corp.example a,b@mail.corp.example
            """)
    void whatStandsToTheRightOfAnErrorIsFound(String list, String recipients) {
        assertThat(completes(list)).isFalse();
        assertThat(String.join(" ", found)).isEqualTo(recipients);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            a (open
            a (open (closed)
            "open
            [open
            )a
            a, ]
            a@b\\
            """)
    void whatDoesNotEndIsNoList(String list) {
        assertThat(Tokenizer.tokens("To: " + list)).isEmpty();
    }

    @Test
    void noEnvelopeCanCarryANul() {
        assertThat(Tokenizer.tokens("To: a\0Tb@c.test")).isEmpty();
    }

    @Test
    void linesAreFoldedAfterCommasSoThatTheyStayWithin78() {
        String forty = "a".repeat(33) + "@b.test";
        String fits = "c".repeat(25) + "@d.test";
        assertThat(field(forty + "," + fits)).isEqualTo("To: " + forty + ", " + fits);
        assertThat(field(forty + ",c" + fits)).isEqualTo("To: " + forty + ",\n  c" + fits);
        assertThat(field(forty + "," + fits + ",x@y.z")).isEqualTo("To: " + forty + ",\n  " + fits + ", x@y.z");
    }

    @Test
    void aContinuationLineIsPackedWithItsTwoSpaces() {
        String sixty = "e".repeat(53) + "@f.test";
        String fourteen = "g".repeat(7) + "@h.test";
        String fifteen = "g".repeat(8) + "@h.test";
        assertThat(field(sixty + "," + sixty + "," + fourteen))
                .isEqualTo("To: " + sixty + ",\n  " + sixty + ", " + fourteen);
        assertThat(field(sixty + "," + sixty + "," + fifteen))
                .isEqualTo("To: " + sixty + ",\n  " + sixty + ",\n  " + fifteen);
        assertThat(field(sixty + "," + sixty + "," + fourteen + ","))
                .isEqualTo("To: " + sixty + ",\n  " + sixty + ",\n  " + fourteen + ",");
    }

    private String field(String list) {
        found.clear();
        return TokenPrinter.field(
                AddressList.complete(Tokenizer.tokens("To: " + list).orElseThrow(), CorpExample.HOSTS, found)
                        .orElseThrow());
    }

    private boolean completes(String list) {
        return AddressList.complete(Tokenizer.tokens("To: " + list).orElseThrow(), CorpExample.HOSTS, found)
                .isPresent();
    }
}
