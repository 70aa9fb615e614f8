package org.tawnymail.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Environment;
import org.tawnymail.pickup.pop3.QmailPop3d;
import org.tawnymail.pickup.pop3.QmailPopup;

/** What strangers send to qmail-popup, what readers send to qmail-pop3d, and whatever names and texts lie in a Maildir. */
class Pop3Test {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private static final int SOMEBODY = 1000;
    private static final String[] PIECES = {
        "USER kim\r\n",
        "PASS ",
        "secret\r\n",
        "APOP kim ",
        "0123456789abcdef0123456789abcdef\r\n",
        "STAT\r\n",
        "LIST ",
        "LIST\r\n",
        "UIDL\r\n",
        "RETR ",
        "TOP 1 ",
        "DELE ",
        "RSET\r\n",
        "LAST\r\n",
        "NOOP\r\n",
        "QUIT\r\n",
        "1\r\n",
        "2 ",
        "\r\n",
        "\n"
    };

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyStreamToPopupIsAnsweredLineByLine() throws Exception {
        QmailPopup popup = new QmailPopup(PaperQueue.NO_COMMANDS, CLOCK);
        HostileInputs.of("qmail-popup")
                .pieces(PIECES)
                .samples("USER kim\r\nPASS secret\r\nSTAT\r\n", "APOP kim 0123456789abcdef\r\n")
                .each((input, random) -> {
                    List<String> arguments = List.of("mail.corp.test", "checkpassword", "qmail-pop3d");
                    Ran ran = Ran.of(popup, arguments, Environment.empty(), new Connection(input, random), directory);
                    assertThat(ran.code()).isEqualTo(1);
                    assertThat(ran.out().split("\r\n", -1))
                            .allMatch(line -> line.isEmpty() || line.matches("(\\+OK|-ERR) [^\\r\\n]*"));
                });
    }

    @Test
    void everyStreamToPop3dIsAnsweredAndOnlyQuitRemovesMail() throws Exception {
        Path maildir = maildir();
        QmailPop3d pop3d = new QmailPop3d(CLOCK, () -> SOMEBODY);
        HostileInputs.of("qmail-pop3d")
                .pieces(PIECES)
                .samples(
                        "STAT\r\nLIST\r\nUIDL 1\r\nRETR 1\r\nTOP 2 3\r\nDELE 1\r\nRSET\r\nQUIT\r\n",
                        "RETR 2\r\nDELE 2\r\nLAST\r\nQUIT\r\n")
                .memory(64 << 20) // a reader may ask for the messages as often as it likes
                .each((input, random) -> {
                    put(maildir, "new/1.a.host", "Subject: one\n\n.dot\nbody\n");
                    put(maildir, "cur/2.b.host:2,S", "Subject: two\n\nno end");
                    Ran ran = Ran.of(
                            pop3d, List.of("Maildir"), Environment.empty(), new Connection(input, random), directory);
                    assertThat(ran.code()).as(ran.err()).isZero();
                    assertThat(ran.out()).startsWith("+OK ").endsWith("\r\n");
                    if (!Octets.text(input).toLowerCase(java.util.Locale.ROOT).contains("quit")) {
                        assertThat(maildir.resolve("new/1.a.host")).exists();
                        assertThat(maildir.resolve("cur/2.b.host:2,S")).exists();
                    }
                    Scratch.empty(maildir.resolve("new"));
                    Scratch.empty(maildir.resolve("cur"));
                });
    }

    @Test
    void everyNameAndTextInAMaildirIsServed() throws Exception {
        Path maildir = maildir();
        QmailPop3d pop3d = new QmailPop3d(CLOCK, () -> SOMEBODY);
        HostileInputs.of("Maildir")
                .pieces(
                        ".",
                        "\r\n",
                        "\n.",
                        "\n..\n",
                        "\r",
                        ":2,",
                        "S",
                        ",S=10",
                        "1000.1.host",
                        " ",
                        "%",
                        "\u00c3\u00a9")
                .samples("1000.M1P2.host,S=10:2,RS", "Subject: x\n\n.\n..\nlast")
                .each((input, random) -> {
                    Path file = put(maildir, "new/" + name(input), Octets.text(input));
                    Ran ran = Ran.of(
                            pop3d,
                            List.of("Maildir"),
                            Environment.empty(),
                            new Connection(
                                    Octets.of("STAT\r\nUIDL\r\nRETR 1\r\nTOP 1 1\r\nDELE 1\r\nQUIT\r\n"), random),
                            directory);
                    assertThat(ran.code()).isZero();
                    assertThat(ran.out()).startsWith("+OK \r\n+OK 1 " + input.length + "\r\n+OK \r\n1 ");
                    assertThat(ran.out()).doesNotContainPattern("[^\\r]\\n").endsWith("\r\n+OK \r\n+OK \r\n");
                    assertThat(file).doesNotExist();
                });
    }

    /** A name that a file can have, made of the input; a name of its own for octets that no name has here. */
    private static String name(byte[] input) {
        String name = Octets.text(input).replace("\0", "").replace('/', '_');
        name = name.substring(0, Math.min(name.length(), 200));
        try {
            return name.isEmpty() || name.startsWith(".") || Octets.path(name).getNameCount() != 1 ? "plain" : name;
        } catch (InvalidPathException notHere) {
            return "invalid";
        }
    }

    private Path maildir() throws IOException {
        for (String folder : new String[] {"new", "cur", "tmp"}) {
            Files.createDirectories(directory.resolve("Maildir").resolve(folder));
        }
        return directory.resolve("Maildir");
    }

    private static Path put(Path maildir, String name, String text) throws IOException {
        Path file = maildir.resolve(Octets.path(name));
        Files.write(file, Octets.of(text));
        Files.setLastModifiedTime(file, FileTime.from(CLOCK.instant().minusSeconds(10)));
        return file;
    }
}
