package org.tawnymail.local.dotqmail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tawnymail.local.dotqmail.Instruction.BlankFirstLine;
import org.tawnymail.local.dotqmail.Instruction.ForwardOnly;
import org.tawnymail.local.dotqmail.Instruction.ToAddress;
import org.tawnymail.local.dotqmail.Instruction.ToMaildir;
import org.tawnymail.local.dotqmail.Instruction.ToMbox;
import org.tawnymail.local.dotqmail.Instruction.ToProgram;

class InstructionTest {

    @Test
    void everyKindOfLineIsKnownByItsFirstSign() {
        String file = """
                # for the record
                ./Maildir/
                /var/mail/ann
                ../elsewhere/box
                |vacation ann
                +list
                +unknown
                &bob@corp.example
                carol@corp.example
                &
                Ann Lee <ann@corp.example>
                """;
        assertThat(Instruction.parse(file))
                .containsExactly(
                        new ToMaildir("./Maildir/"),
                        new ToMbox("/var/mail/ann"),
                        new ToMbox("../elsewhere/box"),
                        new ToProgram("vacation ann"),
                        new ForwardOnly(),
                        new ToAddress("bob@corp.example"),
                        new ToAddress("carol@corp.example"),
                        new ToAddress(""),
                        new ToAddress("Ann Lee <ann@corp.example>"));
    }

    @Test
    void blanksAtTheEndOfALineDoNotCountAndTheLastLineNeedsNoEnd() {
        assertThat(Instruction.parse("./Maildir/ \t\n|cat  \nbob@corp.example\t"))
                .containsExactly(new ToMaildir("./Maildir/"), new ToProgram("cat"), new ToAddress("bob@corp.example"));
    }

    @Test
    void blanksAtTheBeginningOfALineBelongToTheAddress() {
        assertThat(Instruction.parse(" bob@corp.example\n")).containsExactly(new ToAddress(" bob@corp.example"));
    }

    @Test
    void aBlankFirstLineIsSuspectAndALaterOneIsNothing() {
        assertThat(Instruction.parse(" \t\nbob@corp.example\n"))
                .containsExactly(new BlankFirstLine(), new ToAddress("bob@corp.example"));
        assertThat(Instruction.parse("#\n\n  \nbob@corp.example\n")).containsExactly(new ToAddress("bob@corp.example"));
    }

    @Test
    void aLineEndsForItsReaderAtTheFirstNul() {
        assertThat(Instruction.parse("bob@corp.example\0x\n\0\n|cat\0 /etc/passwd\n"))
                .containsExactly(new ToAddress("bob@corp.example"), new ToProgram("cat"));
    }

    @Test
    void anyBytesAtAllAreInstructionsOfSomeKind() {
        Random random = new Random(4);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder file = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                file.append(
                        random.nextBoolean()
                                ? (char) random.nextInt(256)
                                : "\n\n.|/&+#list \t".charAt(random.nextInt(14)));
            }
            List<Instruction> instructions = Instruction.parse(file.toString());
            assertThat(instructions.size()).isLessThanOrEqualTo(file.length());
            assertThat(instructions.indexOf(new BlankFirstLine())).isLessThanOrEqualTo(0);
        }
    }

    @Test
    void whatWasWrittenAsAnAddressIsReadAsThatAddress() {
        Random random = new Random(5);
        for (int i = 0; i < 1_000; i++) {
            StringBuilder address = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                address.append((char) ('!' + random.nextInt(94)));
            }
            assertThat(Instruction.parse("#\n&" + address + "\n")).containsExactly(new ToAddress(address.toString()));
        }
    }
}
