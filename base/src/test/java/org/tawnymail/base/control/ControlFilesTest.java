package org.tawnymail.base.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlFilesTest {

    @TempDir
    private Path directory;

    private ControlFiles controls;

    @BeforeEach
    void readThisDirectory() {
        controls = new ControlFiles(directory);
    }

    @Test
    void aLineFileIsItsFirstLineWithoutBlanksAtTheEnd() throws IOException {
        write("me", "mail.corp.example \t\nignored\n");
        assertThat(controls.me()).contains("mail.corp.example");
    }

    @Test
    void anEmptyFileIsAnEmptyLineAndAMissingOneIsNone() throws IOException {
        write("plusdomain", "");
        assertThat(controls.line(ControlFile.PLUSDOMAIN)).isEmpty();
        assertThat(controls.lineIfAny(ControlFile.LOCALIPHOST)).isEmpty();
    }

    @Test
    void aNumberEndsAtTheFirstByteThatIsNoDigit() throws IOException {
        write("concurrencylocal", "10k\n");
        write("concurrencyremote", "many\n");
        assertThat(controls.number(ControlFile.CONCURRENCYLOCAL)).isEqualTo(10);
        assertThat(controls.number(ControlFile.CONCURRENCYREMOTE)).isEqualTo(20);
    }

    @Test
    void aNumberTooLargeIsTheLargest() throws IOException {
        write("databytes", "99999999999999999999\n");
        assertThat(controls.number(ControlFile.DATABYTES)).isEqualTo(Long.MAX_VALUE);
        write("databytes", " 5\n");
        assertThat(controls.number(ControlFile.DATABYTES)).isZero();
        write("databytes", "-5\n");
        assertThat(controls.number(ControlFile.DATABYTES)).isZero();
    }

    @Test
    void carriageReturnsAndLeadingBlanksStay() throws IOException {
        write("me", "  mail.corp.example\r\n");
        assertThat(controls.me()).contains("  mail.corp.example\r");
        write("rcpthosts", " corp.example\ncorp.example\r\n # no comment\n");
        assertThat(controls.list(ControlFile.RCPTHOSTS))
                .containsExactly(" corp.example", "corp.example\r", " # no comment");
    }

    @Test
    void aListLeavesOutCommentsAndEmptyLinesAndNeedsNoLastLineEnd() throws IOException {
        write("rcpthosts", "# ours\ncorp.example\n\n  \n.corp.example \t\na\0b");
        assertThat(controls.list(ControlFile.RCPTHOSTS)).containsExactly("corp.example", ".corp.example", "a", "b");
    }

    @Test
    void theLastOfTwoLinesWithOneKeyCountsAndLetterCaseDoesNot() throws IOException {
        write("virtualdomains", "Shop.test:ann\nnocolon\nshop.test:bob:x\n");
        assertThat(controls.map(ControlFile.VIRTUALDOMAINS).get("SHOP.TEST")).contains("bob:x");
        assertThat(controls.map(ControlFile.VIRTUALDOMAINS).contains("nocolon")).isFalse();
    }

    @Test
    void aDottedKeyCoversHostsBelowItAndNotTheDomainItself() throws IOException {
        write("smtproutes", ".corp.example:relay\nx.corp.example:other\n");
        ControlMap routes = controls.map(ControlFile.SMTPROUTES);
        assertThat(routes.forDomain("a.b.corp.example")).contains("relay");
        assertThat(routes.forDomain("x.corp.example")).contains("other");
        assertThat(routes.forDomain("corp.example")).isEmpty();
    }

    @Test
    void aChangeIsSeenAtTheNextReading() throws IOException {
        write("me", "one.test\n");
        assertThat(controls.me()).contains("one.test");
        write("me", "two.test\n");
        assertThat(controls.me()).contains("two.test");
    }

    @Test
    void aFileThatCannotBeReadIsAnErrorThatNamesIt() throws IOException {
        Files.createDirectory(directory.resolve("locals"));
        assertThatThrownBy(() -> controls.list(ControlFile.LOCALS))
                .hasMessageContaining(directory.resolve("locals") + ":");
    }

    @Test
    void aFileWithoutContentOfItsOwnHasTheDefaultOfTheCatalogue() throws IOException {
        assertThat(controls.line(ControlFile.BOUNCEFROM)).isEqualTo("MAILER-DAEMON");
        assertThat(controls.line(ControlFile.BOUNCEHOST)).isEqualTo("bouncehost");
        assertThat(controls.number(ControlFile.QUEUELIFETIME)).isEqualTo(604_800);
        assertThat(controls.list(ControlFile.BADMAILFROM)).isEmpty();
        assertThatThrownBy(() -> controls.line(ControlFile.HELOHOST))
                .isInstanceOf(ControlFiles.MissingControl.class)
                .hasMessageContaining("put the name of this host into");
        assertThatThrownBy(() -> controls.list(ControlFile.QMQPSERVERS))
                .isInstanceOf(ControlFiles.MissingControl.class);
        write("me", "mail.test\n");
        assertThat(controls.line(ControlFile.BOUNCEHOST)).isEqualTo("mail.test");
        assertThat(controls.line(ControlFile.HELOHOST)).isEqualTo("mail.test");
        assertThat(controls.list(ControlFile.LOCALS)).containsExactly("mail.test");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }
}
