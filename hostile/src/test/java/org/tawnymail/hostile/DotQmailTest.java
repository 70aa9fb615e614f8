package org.tawnymail.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Environment;
import org.tawnymail.local.delivery.QmailLocal;
import org.tawnymail.local.delivery.UserDelivery;
import org.tawnymail.local.dotqmail.Instruction;
import org.tawnymail.local.mailbox.MailboxFlush;
import org.tawnymail.local.mailbox.Mailboxes;
import org.tawnymail.local.mailbox.SystemDisk;

/** {@code .qmail} files, and the addresses for which qmail-local looks for them. */
class DotQmailTest {

    private static final String[] PIECES = {
        "./Maildir/",
        "./Mailbox",
        "|forward x",
        "&ann@corp.test",
        "ann@corp.test",
        "+list",
        "+",
        "# no",
        "\n",
        " ",
        "/abs/",
        "..",
        "|",
        "&",
        ".",
        "/"
    };

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyFileIsInstructions() throws Exception {
        HostileInputs.of(".qmail lines")
                .pieces(PIECES)
                .samples("./Maildir/\n|forward a\n&b@c\n", "+list\nann\nbob@d\n")
                .each((input, random) -> assertThat(Instruction.parse(Octets.text(input)))
                        .hasSizeLessThanOrEqualTo(input.length)
                        .noneMatch(instruction -> instruction.toString().indexOf('\0') >= 0));
    }

    @Test
    void everyFileAndAddressIsADeliveryThatIsToldOrRefused() throws Exception {
        Path home = Files.createDirectories(directory.resolve("home"));
        PaperQueue queue = new PaperQueue();
        UserDelivery deliveries = new UserDelivery(
                PaperQueue.NO_COMMANDS,
                queue.client(new Home(directory)),
                new Mailboxes(new SystemDisk(), new MailboxFlush(), InstantSource.system(), "host", line -> {}),
                InstantSource.system());
        QmailLocal local = new QmailLocal(deliveries);
        HostileInputs.of("qmail-local")
                .pieces(PIECES)
                .pieces("ann", "list-", "-owner", "default", "@", "/", "..", "\u00e9", ":")
                .samples("./Maildir/\n|forward a\n&b@c\n", "+list\nann\nbob@d\n", "list-owner", "ann.other-x")
                .each((input, random) -> {
                    Files.write(home.resolve(".qmail-default"), input);
                    String text = Octets.text(input).replace("\0", "");
                    String ext = text.substring(0, Math.min(text.length(), 200 + random.nextInt(800)));
                    List<String> arguments = List.of(
                            "-n",
                            "--",
                            "ann",
                            home.toString(),
                            "ann-" + ext,
                            "-",
                            ext,
                            ext,
                            ext + "@far.test",
                            "./Mailbox");
                    Ran ran = Ran.of(local, arguments, Environment.empty(), Ran.nothing(), directory);
                    assertThat(ran.code()).as(ran.out() + ran.err()).isIn(0, 99, 100, 111);
                });
        assertThat(queue.queued()).isEmpty();
    }
}
