package org.tawnymail.local.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Complaint;

class MaildirTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2025-03-07T09:04:05.000042Z"));
    private static final byte[] HEAD = Octets.of("Return-Path: <pat@far.test>\nDelivered-To: ann@corp.example\n");

    @TempDir
    private Path directory;

    private final List<String> log = new ArrayList<>();
    private final MailboxFlush flush = new MailboxFlush();
    private Path box;
    private Maildir maildir;

    @BeforeEach
    void makeTheMaildir() throws IOException {
        box = directory.resolve("Maildir");
        for (String part : new String[] {"tmp", "new", "cur"}) {
            Files.createDirectories(box.resolve(part));
        }
        maildir = new Maildir(new SystemDisk(), flush, new MaildirNames(CLOCK, 4711, "mx.corp.example"), log::add);
    }

    @AfterEach
    void letGo() {
        flush.close();
    }

    @Test
    void aMessageStandsInNewWithReturnPathAndDeliveredToInFrontAndNothingElseChanged() throws IOException {
        maildir.deliver(box, HEAD, MemoryInput.bytes("Subject: x\n\nFrom here on\nno last line end"));

        Path file = only("new");
        assertThat(Files.readString(file)).isEqualTo("""
                        Return-Path: <pat@far.test>
                        Delivered-To: ann@corp.example
                        Subject: x

                        From here on
                        no last line end""");
        assertThat(files("tmp")).isEmpty();
    }

    @Test
    void theFileIsItsOwnersAlone() throws IOException {
        maildir.deliver(box, HEAD, MemoryInput.bytes("x\n"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(only("new"))))
                .isEqualTo("rw-------");
    }

    @Test
    void theNameTellsTimeProcessCountAndHost() throws IOException {
        maildir.deliver(box, HEAD, MemoryInput.bytes("x\n"));
        assertThat(only("new").getFileName()).hasToString("1741338245.M42P4711Q1.mx.corp.example");
    }

    @Test
    void aHostNameThatNoFileNameCanHoldIsWrittenInOctal() {
        assertThat(new MaildirNames(CLOCK, 1, "a/b:c").next()).isEqualTo("1741338245.M42P1Q1.a\\057b\\072c");
    }

    @Test
    void tenThousandNamesOfOneMomentAreTenThousandNames() {
        MaildirNames names = new MaildirNames(CLOCK, 1, "host");
        Set<String> given = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertThat(given.add(names.next())).isTrue();
        }
    }

    @Test
    void aMessageLargerThanWhatIsKeptInMemoryArrivesWhole() throws IOException {
        String text = "0123456789abcde\n".repeat(20_000);
        maildir.deliver(box, HEAD, MemoryInput.bytes(text));
        assertThat(Files.readString(only("new"))).isEqualTo(Octets.text(HEAD) + text);
    }

    @Test
    void aMissingMaildirDefersTheMail() {
        assertDeferred(directory.resolve("Missing"), "Unable to chdir to maildir. (#4.2.1)");
        assertThat(log).singleElement().asString().contains("Missing", "file does not exist");
    }

    @Test
    void aFileInPlaceOfAMaildirDefersTheMail() throws IOException {
        assertDeferred(Files.createFile(directory.resolve("file")), "Unable to chdir to maildir. (#4.2.1)");
    }

    @Test
    void aMaildirWithoutTmpOrNewDefersTheMail() throws IOException {
        Files.delete(box.resolve("new"));
        assertDeferred(box, "Temporary error on maildir delivery. (#4.3.0)");
        assertThat(files("tmp")).isEmpty();
        Files.delete(box.resolve("tmp"));
        assertDeferred(box, "Temporary error on maildir delivery. (#4.3.0)");
    }

    @Test
    void aMessageThatCannotBeReadToItsEndIsNotDelivered() throws IOException {
        byte[] text = Octets.of("x".repeat(200_000));
        MessageBytes message = MessageBytes.of(new MemoryInput(text, 150_000));
        assertThatThrownBy(() -> maildir.deliver(box, HEAD, message)).hasMessage("Unable to read message. (#4.3.0)");
        assertThat(files("tmp")).isEmpty();
        assertThat(files("new")).isEmpty();
    }

    @Test
    void aNameThatIsTakenIsNotWrittenOver() throws IOException {
        Path taken = box.resolve("tmp/1741338245.M42P4711Q1.mx.corp.example");
        Files.writeString(taken, "somebody's");
        maildir.deliver(box, HEAD, MemoryInput.bytes("x\n"));
        assertThat(taken).hasContent("somebody's");
        assertThat(only("new").getFileName().toString()).contains("Q2.");
    }

    @Test
    void bytesAreBytesNulsAndAllInAMaildir() throws IOException {
        byte[] all = new byte[70_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i * 7);
        }
        maildir.deliver(box, HEAD, MemoryInput.bytes(Octets.text(all)));
        assertThat(Octets.text(Files.readAllBytes(only("new")))).isEqualTo(Octets.text(HEAD) + Octets.text(all));
    }

    @Test
    void aFullDiskOrOneThatDoesNotAnswerDefersTheMailAndLeavesNothingBehind() throws IOException {
        String[][] failures = {
            {"No space left on device", "Temporary error on maildir delivery. (#4.3.0)"},
            {"Connection timed out", "Timeout on maildir delivery. (#4.3.0)"}
        };
        for (String[] failure : failures) {
            CountingDisk failing = new CountingDisk(new SystemDisk()) {
                @Override
                void beforeWrite() throws IOException {
                    throw new IOException(failure[0]);
                }
            };
            assertThatThrownBy(() -> maildir.on(failing).deliver(box, HEAD, MemoryInput.bytes("x\n")))
                    .hasMessage(failure[1]);
            assertThat(files("tmp")).isEmpty();
            assertThat(files("new")).isEmpty();
        }
    }

    private void assertDeferred(Path where, String text) {
        assertThatThrownBy(() -> maildir.deliver(where, HEAD, MemoryInput.bytes("x\n")))
                .hasMessage(text)
                .extracting(e -> ((Complaint) e).exitCode())
                .isEqualTo(111);
    }

    private Path only(String part) throws IOException {
        assertThat(files(part)).hasSize(1);
        return files(part).getFirst();
    }

    private List<Path> files(String part) throws IOException {
        try (Stream<Path> list = Files.list(box.resolve(part))) {
            return list.toList();
        }
    }
}
