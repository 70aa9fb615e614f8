package org.tawnymail.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.address.MailAddress;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Environment;
import org.tawnymail.inject.QmailInject;
import org.tawnymail.message.address.AddressList;
import org.tawnymail.message.address.HostDefaults;
import org.tawnymail.message.address.Token;
import org.tawnymail.message.address.TokenPrinter;
import org.tawnymail.message.address.Tokenizer;
import org.tawnymail.message.header.HeaderField;
import org.tawnymail.message.header.HeaderReader;

/** The letter itself: headers, lists of addresses, and qmail-inject, which reads both from anybody. */
class LetterTest {

    private static final HostDefaults HOSTS = new HostDefaults(
            List.of(Token.AT, Token.atom("mail"), Token.DOT, Token.atom("test")),
            List.of(Token.DOT, Token.atom("test")),
            List.of(Token.DOT, Token.atom("plus")));

    private static final String[] ADDRESS_PIECES = {
        "ann@corp.test",
        "ann",
        "\"an na\"",
        "<",
        ">",
        "(",
        ")",
        "(a (b) c)",
        ",",
        ";",
        "team:",
        "[10.0.0.1]",
        "[",
        "]",
        "@",
        ".",
        "+",
        "\\",
        "\"",
        " ",
        "\n ",
        "<@r1,@r2:bob@far.test>",
        "@[]",
        "=?iso-8859-1?Q?=e9?="
    };

    private static final String[] ADDRESS_SAMPLES = {
        "Ann Other <ann@corp.test>, bob (the builder), team: c@d, \"e f\"@g.h;, <@r:i@j>",
        "\"Quoted, \\\"Name\\\"\" <a.b+c@[192.0.2.1]>,\n\tz+@lab+ (last)",
    };

    private static final String[] FIELD_PIECES = {
        "To: ", "From: ", "Subject:", "Cc: ", "Bcc:", "Return-Path: <", "Resent-To: ", "Content-Length: ", "Received:",
                "From ",
        ":", " ", "\t", "\n", "\n\n", "\n ", "X-Y", "Mail-Followup-To: ", "Date: ", "Message-ID: <x@y>"
    };

    private static final String[] MESSAGE_SAMPLES = {
        "From: ann@corp.test\nTo: bob@far.test, Team: c, d;\nSubject: hello\n folded\nCc: \"e f\" <g@h>\n\nbody\nlines\n",
        "From someone Fri Mar 07 09:04:05 2025\nReturn-Path: <x@y>\nResent-To: z\nbody without empty line\n",
    };

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyListOfAddressesIsCompletedOrRefused() throws Exception {
        HostileInputs.of("lists of addresses")
                .pieces(ADDRESS_PIECES)
                .samples(ADDRESS_SAMPLES)
                .each((input, random) -> {
                    String field = "To: " + Octets.text(input);
                    Optional<List<Token>> tokens = Tokenizer.tokens(field);
                    if (tokens.isEmpty()) {
                        return;
                    }
                    assertThat(tokens.get().size()).isLessThanOrEqualTo(Tokenizer.mostTokens(field));
                    assertThat(Tokenizer.tokens(TokenPrinter.field(tokens.get())))
                            .isEqualTo(tokens);
                    List<String> found = new ArrayList<>();
                    Optional<List<Token>> completed = AddressList.complete(tokens.get(), HOSTS, found);
                    if (completed.isPresent()) {
                        String printed = TokenPrinter.field(completed.get());
                        assertThat(Tokenizer.tokens(printed))
                                .as("tokens of %s", printed)
                                .isPresent();
                    }
                    assertThat(found).noneMatch(address -> address.indexOf('\0') >= 0);
                });
    }

    @Test
    void everySingleAddressIsCompletedOrRefused() throws Exception {
        HostileInputs.of("single addresses")
                .pieces(ADDRESS_PIECES)
                .samples("ann", "ann@lab+", "@r:a@b", "\"a b\"@[1.2.3.4]")
                .each((input, random) -> {
                    Optional<List<Token>> tokens = Tokenizer.tokens(MailAddress.quoted(Octets.text(input)));
                    if (tokens.isPresent()) {
                        HOSTS.complete(tokens.get());
                        String address = TokenPrinter.envelope(tokens.get());
                        assertThat(address.isEmpty() || address.indexOf('@') >= 0)
                                .as(address)
                                .isTrue();
                    }
                });
    }

    @Test
    void everyMessageIsAHeaderAndABodyAndNothingIsLost() throws Exception {
        HostileInputs.of("headers")
                .pieces(FIELD_PIECES)
                .pieces(ADDRESS_PIECES)
                .samples(MESSAGE_SAMPLES)
                .each((input, random) -> {
                    HeaderReader reader = new HeaderReader(new Connection(input, random));
                    StringBuilder fields = new StringBuilder();
                    Optional<HeaderField> field = reader.next();
                    while (field.isPresent()) {
                        assertThat(field.get().text()).endsWith("\n");
                        assertThat(HeaderField.isField(field.get().text())).isTrue();
                        fields.append(field.get().text());
                        field = reader.next();
                    }
                    String body;
                    try (InputStream rest = reader.body()) {
                        body = Octets.text(rest.readAllBytes());
                    }
                    String message = fields + body;
                    // Read again, it is the same: nothing that was added is added twice.
                    HeaderReader again = new HeaderReader(new Connection(Octets.of(message), random));
                    StringBuilder fieldsAgain = new StringBuilder();
                    for (Optional<HeaderField> next = again.next(); next.isPresent(); next = again.next()) {
                        fieldsAgain.append(next.get().text());
                    }
                    assertThat(fieldsAgain.toString()).isEqualTo(fields.toString());
                    assertThat(Octets.text(again.body().readAllBytes())).isEqualTo(body);
                    assertThat(message.replace("MBOX-Line: ", "").replace("\n", ""))
                            .isEqualTo(Octets.text(input)
                                    .replace("MBOX-Line: ", "")
                                    .replace("\n", ""));
                });
    }

    @Test
    void everyMessageGoesThroughQmailInjectOrIsComplainedOf() throws Exception {
        Files.createDirectories(directory.resolve("control"));
        Files.writeString(directory.resolve("control/me"), "mail.corp.test\n");
        Home home = new Home(directory);
        String[] letters = {"", "c", "s", "f", "i", "r", "m", "csfirm"};
        HostileInputs.of("qmail-inject")
                .memory(32 << 20)
                .pieces(FIELD_PIECES)
                .pieces(ADDRESS_PIECES)
                .samples(MESSAGE_SAMPLES)
                .each((input, random) -> {
                    PaperQueue queue = new PaperQueue();
                    QmailInject inject = new QmailInject(
                            home, queue.client(home), InstantSource.fixed(Instant.ofEpochSecond(1_000_000_000)));
                    Environment environment = Environment.empty()
                            .with("QMAILINJECT", letters[random.nextInt(letters.length)])
                            .with(
                                    "QMAILUSER",
                                    Octets.text(Arrays.copyOf(input, Math.min(input.length, 20)))
                                            .replace("\0", ""));
                    List<String> arguments = random.nextBoolean() ? List.of("-h") : List.of("-A", Octets.text(input));
                    Ran ran = Ran.of(inject, arguments, environment, new Connection(input, random), directory);
                    assertThat(ran.code()).as(ran.err()).isIn(0, 100, 111);
                    assertThat(ran.err().isEmpty()).isEqualTo(ran.code() == 0);
                    assertThat(queue.queued()).hasSize(ran.code() == 0 ? 1 : 0);
                    for (PaperQueue.Queued queued : queue.queued()) {
                        assertThat(queued.sender()).doesNotContain("\0");
                        assertThat(queued.recipients()).noneMatch(recipient -> recipient.indexOf('\0') >= 0);
                    }
                });
    }
}
