package org.tawnymail.proof.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;

/** A proof is worth something only if it notices. */
class LedgerTest {

    private static final Letter LETTER = new Letter("n1", 3000, List.of("you@tawny.test", "you-mbox@tawny.test"));
    private static final String HEAD = "Return-Path: <s@x>\nDelivered-To: you@tawny.test\n";
    private static final String MBOX_HEAD =
            "From s@x Sat Nov 28 04:18:00 2026\nReturn-Path: <s@x>\nDelivered-To: you-mbox@tawny.test\n";

    @TempDir
    private Path directory;

    private final Ledger ledger = new Ledger();
    private final Findings findings = new Findings(ledger);

    @BeforeEach
    void acknowledge() throws IOException {
        Files.createDirectory(directory.resolve("new"));
        ledger.offered(LETTER);
        ledger.answered(LETTER, Answer.ACCEPTED);
    }

    private void inMaildir(String text) throws IOException {
        Files.write(directory.resolve("new/1"), Octets.of(text));
        findings.maildir(directory);
    }

    private void inMbox(String text) throws IOException {
        Path mbox = Files.write(directory.resolve("Mbox"), Octets.of(text));
        findings.mbox(mbox);
    }

    private static String text() {
        return Octets.text(LETTER.text());
    }

    private static String quoted() {
        return text().replaceAll("(?m)^(>*From )", ">$1");
    }

    @Test
    void whatIsFoundForEachRecipientIsAllThatWasPromised() throws IOException {
        inMaildir(HEAD + text());
        inMbox(MBOX_HEAD + quoted() + "\n");
        assertThat(ledger.verdict()).isEmpty();
        assertThat(ledger.delivered()).isEqualTo(2);
        assertThat(ledger.moreThanOnce()).isZero();
    }

    @Test
    void anAcknowledgedLetterThatIsNowhereIsLost() throws IOException {
        inMaildir(HEAD + text());
        assertThat(ledger.verdict())
                .containsExactly("letter n1 to you-mbox@tawny.test was acknowledged and is nowhere");
    }

    @Test
    void oneLetterFoundTwiceIsCounted() throws IOException {
        inMaildir(HEAD + text());
        inMaildir(HEAD + text());
        assertThat(ledger.moreThanOnce()).isEqualTo(1);
    }

    @Test
    void aMissingEndAChangedOctetAndAForeignEndAreTorn() throws IOException {
        inMaildir(HEAD + text().substring(0, text().length() - 1));
        inMaildir(HEAD + text().replace("end of letter n1", "end of letter n2"));
        inMaildir(HEAD + text() + "\n");
        inMaildir(HEAD + text().substring(0, 20));
        inMaildir("");
        assertThat(ledger.verdict())
                .filteredOn(line -> line.startsWith("torn: "))
                .hasSize(5);
    }

    @Test
    void aLetterInTheMailboxOfAnotherIsAViolation() throws IOException {
        inMaildir("Delivered-To: eve@tawny.test\n" + text());
        assertThat(ledger.verdict()).anyMatch(line -> line.startsWith("letter n1 was never sent to eve@tawny.test"));
    }

    @Test
    void aPieceInAnMboxCostsNoOtherLetter() throws IOException {
        inMbox(MBOX_HEAD + quoted().substring(0, 500) + "\n\n" + MBOX_HEAD + quoted() + "\n");
        inMaildir(HEAD + text());
        assertThat(ledger.pieces()).isEqualTo(1);
        assertThat(ledger.verdict()).isEmpty();
    }

    @Test
    void aBounceCountsForThoseItTellsOfAndOnlyWithAWholeCopy() throws IOException {
        String bounce = "Hi.\n\n<you-mbox@tawny.test>:\nSorry.\n\n--- Below this line is a copy of the message.\n\n";
        Files.write(directory.resolve("new/1"), Octets.of(bounce + HEAD + text()));
        findings.bounces(directory);
        inMaildir(HEAD + text());
        assertThat(ledger.verdict()).isEmpty();
        assertThat(ledger.bounces()).isEqualTo(1);

        Files.write(directory.resolve("new/1"), Octets.of(bounce + HEAD + text().substring(0, 900)));
        findings.bounces(directory);
        assertThat(ledger.verdict()).singleElement().asString().contains("has no whole copy");
    }

    @Test
    void aRefusalForGoodIsAViolationAndOneForNowIsCounted() {
        ledger.answered(LETTER, new Answer.Refused("451 full"));
        ledger.answered(LETTER, new Answer.Wrong("SMTP answers 554 no"));
        assertThat(ledger.refusals()).isEqualTo(1);
        assertThat(ledger.verdict()).contains("letter n1: SMTP answers 554 no");
    }
}
