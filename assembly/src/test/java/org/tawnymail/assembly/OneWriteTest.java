package org.tawnymail.assembly;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Whoever writes a reply in two pieces makes the client wait 40 ms for the second: the system holds it back until the
 * client's system has acknowledged the first. The programs here have a socket that keeps the borders between writes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneWriteTest {

    /**
     * Runs a program on one end of the socket; sends each line of descriptor 0 in one piece, if there is something in it, and
     * prints on a line what one read then gives; at the end all that still comes.
     */
    private static final String BORDERS = """
            use Socket;
            socketpair(my $us, my $them, AF_UNIX, SOCK_SEQPACKET, PF_UNSPEC) or die;
            if (!fork()) {
                close $us;
                open(STDIN, '<&', $them) or die; open(STDOUT, '>&', $them) or die;
                exec @ARGV; die;
            }
            close $them;
            sub show { my $reply = shift; $reply =~ s/\\r/\\\\r/g; $reply =~ s/\\n/\\\\n/g; print "$reply\\n"; }
            while (my $say = <STDIN>) {
                chomp $say; $say =~ s/\\\\r/\\r/g; $say =~ s/\\\\n/\\n/g;
                syswrite($us, $say) if length $say;
                sysread($us, my $reply, 65536); show($reply);
            }
            shutdown($us, 1);
            while (sysread($us, my $reply, 65536)) { show($reply); }
            """;

    private Path directory;
    private Path home;

    @BeforeAll
    void makeAHome() throws Exception {
        directory = Installation.publicDirectory("tawny-writes");
        Files.writeString(directory.resolve("borders"), BORDERS);
        home = Files.createDirectories(directory.resolve("var"));
        Files.createDirectory(home.resolve("control"));
        Files.writeString(home.resolve("control/me"), "mail.test\n");
        Files.writeString(home.resolve("control/rcpthosts"), "mail.test\n");
        Path queue = Files.writeString(directory.resolve("queue"), "#!/bin/sh\ncat > /dev/null\ncat <&1 > /dev/null\n");
        assertThat(queue.toFile().setExecutable(true, false)).isTrue();
    }

    @AfterAll
    void remove() throws Exception {
        Installation.remove(directory);
    }

    @Test
    void smtpRepliesAreOneWriteEachAndThoseToAPipelineOneInAll() throws Exception {
        List<String> replies = writes(
                List.of(bin("qmail-smtpd")),
                "",
                "EHLO client\\r\\n",
                "MAIL FROM:<ann@far.test>\\r\\nRCPT TO:<you@mail.test>\\r\\nRCPT TO:<you@far.test>\\r\\nDATA\\r\\n",
                "Subject: x\\r\\n\\r\\nhi\\r\\n.\\r\\n",
                "QUIT\\r\\n");
        assertThat(replies.get(3)).matches("250 ok \\d+ qp \\d+\\\\r\\\\n");
        replies.set(3, "");
        assertThat(replies)
                .containsExactly(
                        "220 mail.test ESMTP\\r\\n",
                        "250-mail.test\\r\\n250-PIPELINING\\r\\n250-SIZE 0\\r\\n250 8BITMIME\\r\\n",
                        "250 ok\\r\\n250 ok\\r\\n553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)\\r\\n"
                                + "354 go ahead\\r\\n",
                        "",
                        "221 mail.test\\r\\n");
    }

    @Test
    void qmtpAndQmqpAnswersAreOneWriteForAPackage() throws Exception {
        String recipients = "28:13:you@mail.test,8:a@b.test,,";
        assertThat(writes(List.of(bin("qmail-qmtpd")), "4:\\nx\\n\\n,12:ann@far.test," + recipients))
                .singleElement()
                .asString()
                .matches(
                        "\\d+:Kok \\d+ qp \\d+,66:Dsorry, that domain isn't in my list of allowed rcpthosts \\(#5\\.7\\.1\\),");
        assertThat(writes(List.of(bin("qmail-qmqpd")), "39:3:x\\n\\n,12:ann@far.test,13:you@mail.test,,"))
                .singleElement()
                .asString()
                .matches("\\d+:Kok \\d+ qp \\d+,");
    }

    @Test
    void pop3RepliesAreOneWriteEach() throws Exception {
        assertThat(writes(List.of(bin("qmail-popup"), "pop.test", "false"), "", "USER kim\\r\\n", "PASS x\\r\\n"))
                .satisfies(
                        replies -> assertThat(replies.getFirst()).matches("\\+OK <\\d+\\.\\d+@pop\\.test>\\\\r\\\\n"))
                .endsWith("+OK \\r\\n", "-ERR authorization failed\\r\\n");
        Path maildir = directory.resolve("Maildir");
        for (String folder : List.of("tmp", "new", "cur")) {
            Files.createDirectories(maildir.resolve(folder));
        }
        Path message = Files.writeString(maildir.resolve("cur/1.2.mail:2,"), "Subject: x\n\nhi\n.\n");
        Files.setLastModifiedTime(message, FileTime.fromMillis(1_000_000_000_000L));
        List<String> pop3d = new ArrayList<>(List.of(bin("qmail-pop3d"), maildir.toString()));
        if (System.getProperty("user.name").equals("root")) {
            pop3d.addAll(0, List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
        }
        assertThat(writes(pop3d, "", "STAT\\r\\n", "LIST\\r\\n", "UIDL\\r\\n", "RETR 1\\r\\n", "QUIT\\r\\n"))
                .containsExactly(
                        "+OK \\r\\n",
                        "+OK 1 17\\r\\n",
                        "+OK \\r\\n1 17\\r\\n.\\r\\n",
                        "+OK \\r\\n1 1.2.mail\\r\\n.\\r\\n",
                        "+OK \\r\\nSubject: x\\r\\n\\r\\nhi\\r\\n..\\r\\n\\r\\n.\\r\\n",
                        "+OK \\r\\n");
    }

    /** What the program wrote, a write each. */
    private List<String> writes(List<String> program, String... says) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("perl", directory.resolve("borders").toString()));
        command.addAll(program);
        byte[] input = (String.join("\n", says) + "\n").getBytes(ISO_8859_1);
        Installation.Result result = Installation.run(
                home, Map.of("QMAILQUEUE", directory.resolve("queue").toString()), input, command);
        assertThat(result.errors()).isEmpty();
        return new ArrayList<>(result.text().lines().toList());
    }

    private static String bin(String program) {
        return Installation.shared().bin(program).toString();
    }
}
