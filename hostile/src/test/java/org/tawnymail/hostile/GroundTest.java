package org.tawnymail.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.address.MailAddress;
import org.tawnymail.base.cdb.Cdb;
import org.tawnymail.base.cdb.CdbDamaged;
import org.tawnymail.base.cdb.CdbWriter;
import org.tawnymail.base.control.ControlFiles;
import org.tawnymail.base.control.ControlMap;
import org.tawnymail.base.line.LineInput;
import org.tawnymail.base.netstring.Netstring;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Options;
import org.tawnymail.base.program.ShellLine;
import org.tawnymail.base.tai.Tai64;

/** The formats of the ground: control files, databases, netstrings, lines, command lines, names. */
class GroundTest {

    @TempDir(factory = Scratch.class)
    private Path directory;

    @Test
    void everyControlFileIsALineANumberAListAndAMap() throws Exception {
        ControlFiles controls = new ControlFiles(directory);
        HostileInputs.of("control files")
                .pieces(
                        "me.example",
                        "#",
                        ".example",
                        "corp.example:relay:26",
                        "ann@corp.example",
                        "virtual:",
                        "\n",
                        "\n\n")
                .samples(
                        "mail.corp.example\n",
                        "1200\n",
                        "corp.example\n.corp.example\n\n# no\nlocalhost \t\n",
                        "far.test:relay.test:26\n:smart\nold.test:\n.far.test:\n")
                .each((input, random) -> {
                    Files.write(directory.resolve("file"), input);
                    assertThat(controls.line("file").orElseThrow()).doesNotContain("\n");
                    assertThat(controls.number("file").orElse(0)).isNotNegative();
                    List<String> list = controls.list("file").orElseThrow();
                    assertThat(list).noneMatch(entry -> entry.isEmpty() || entry.startsWith("#"));
                    ControlMap keys = controls.set("file").orElseThrow();
                    assertThat(list).allMatch(keys::contains);
                    ControlMap map = controls.map("file").orElseThrow();
                    for (String entry : list) {
                        // No address that is asked for is longer.
                        map.forDomain(entry.substring(0, Math.min(entry.length(), 1002)));
                    }
                    // What it was taken for reads the same when it is written down.
                    Files.write(directory.resolve("again"), Octets.of(String.join("\n", list)));
                    assertThat(controls.list("again").orElseThrow()).isEqualTo(list);
                });
    }

    @Test
    void everyDatabaseAnswersOrIsDamaged() throws Exception {
        Path file = directory.resolve("cdb");
        HostileInputs.of("constant database")
                .sample(database(Map.of()))
                .sample(database(Map.of("", "ab", "!ann\0", "ann\000100\000100\0/home/ann\0\0\0", "!b", "x")))
                .sample(database(
                        Map.of("key", "value", "192.0.2.7", "D\0", "", "+RELAYCLIENT=\0", "=.far.test", "D\0")))
                .each((input, random) -> {
                    Files.write(file, input);
                    try {
                        Cdb cdb = Cdb.open(file);
                        for (String key : List.of("", "key", "!ann\0", "!b", "192.0.2.7", "nobody")) {
                            attempt(() -> cdb.get(key));
                            attempt(() -> cdb.all(Octets.of(key)));
                        }
                        long[] octets = {0};
                        cdb.forEach((key, value) -> octets[0] += key.length + value.length);
                        assertThat(octets[0]).isLessThanOrEqualTo(input.length);
                    } catch (CdbDamaged damaged) {
                        assertThat(damaged).hasMessageContaining("damaged");
                    }
                });
    }

    private interface LookUp {
        Object run() throws CdbDamaged;
    }

    private static void attempt(LookUp lookUp) {
        try {
            assertThat(lookUp.run()).isNotNull();
        } catch (CdbDamaged damaged) {
            assertThat(damaged).hasMessageContaining("damaged");
        }
    }

    private byte[] database(Map<String, String> records) throws IOException {
        Path file = directory.resolve("sample");
        try (CdbWriter writer = CdbWriter.create(directory.resolve("sample.tmp"))) {
            for (Map.Entry<String, String> record : records.entrySet()) {
                writer.add(record.getKey(), record.getValue());
            }
            writer.finish(file);
        }
        return Files.readAllBytes(file);
    }

    @Test
    void everyNetstringIsReadOrRefused() throws Exception {
        HostileInputs.of("netstrings")
                .pieces("5:hello,", "0:,", ":", ",", "3:", "abc", "00", "1048576:")
                .samples("5:hello,0:,10:0123456789,", "2:a,,")
                .each((input, random) -> {
                    int limit = 1 << random.nextInt(31);
                    try {
                        byte[] content = Netstring.read(new Connection(input, random), limit);
                        assertThat(content.length).isLessThanOrEqualTo(limit);
                        ByteArrayOutputStream again = new ByteArrayOutputStream();
                        Netstring.write(again, content);
                        assertThat(Netstring.read(new ByteArrayInputStream(again.toByteArray()), limit))
                                .isEqualTo(content);
                    } catch (Netstring.Malformed | Netstring.TooLong | EOFException refused) {
                        assertThat(refused).hasMessageContaining("netstring");
                    }
                });
    }

    @Test
    void linesAreTheSameInWhateverPartsTheyCome() throws Exception {
        HostileInputs.of("lines")
                .pieces("line", "\n", "\n\n")
                .samples("one\ntwo\n\nthree")
                .each((input, random) -> {
                    int limit = random.nextInt(20_000);
                    List<String> expected =
                            new ArrayList<>(List.of(Octets.text(input).split("\n", -1)));
                    if (expected.getLast().isEmpty()) {
                        expected.removeLast();
                    }
                    LineInput lines = new LineInput(new Connection(input, random), limit);
                    for (String line : expected) {
                        if (line.length() > limit) {
                            assertTooLong(lines);
                            return;
                        }
                        assertThat(lines.next()).contains(line);
                    }
                    assertThat(lines.next()).isEmpty();
                });
    }

    private static void assertTooLong(LineInput lines) throws IOException {
        try {
            lines.next();
            throw new AssertionError("a line above the limit was taken");
        } catch (LineInput.TooLong tooLong) {
            assertThat(tooLong).hasMessageContaining("longer than");
        }
    }

    @Test
    void everyShellLineIsWordsOrLeftToTheShell() throws Exception {
        Environment environment = Environment.of(
                Map.of("SENDER", "a b@c.test", "EXT", "ext", "HOST", "h.test", "USER", "", "HOME", "/home/ann"));
        HostileInputs.of("shell lines")
                .pieces(
                        "forward ",
                        "\"$SENDER\"",
                        "$EXT",
                        "${HOST}",
                        "'",
                        "\"",
                        "\\",
                        "`date`",
                        "$(",
                        ")",
                        "; rm",
                        " | ",
                        "\t",
                        "\"\"")
                .samples(
                        "forward ann-\"$EXT\"@'corp.test'",
                        "bouncesaying 'Not here' [ \"$SENDER\" = x ]",
                        "/bin/x ${EXT}y \\z")
                .each((input, random) -> {
                    String line = Octets.text(input);
                    Optional<List<String>> words = ShellLine.words(line, environment);
                    assertThat(words.map(List::isEmpty)).isNotEqualTo(Optional.of(true));
                    if (words.isPresent()) {
                        StringBuilder quoted =
                                new StringBuilder("'" + words.get().getFirst() + "'");
                        words.get().stream()
                                .skip(1)
                                .forEach(word -> quoted.append(" '")
                                        .append(word.replace("'", "'\\''"))
                                        .append('\''));
                        assertThat(ShellLine.words(quoted.toString(), Environment.empty()))
                                .isEqualTo(words);
                    }
                });
    }

    @Test
    void everyCommandLineIsOptionsOrOneComplaint() throws Exception {
        HostileInputs.of("options")
                .pieces("-v", "-c", "-x", "--", "-", "10", "\0", "-vvc")
                .samples("-vc\00010\0--\0word")
                .each((input, random) -> {
                    List<String> arguments = List.of(Octets.text(input).split("\0", -1));
                    Call call = new Call("p", arguments, Environment.empty(), Descriptors.none(), directory);
                    try {
                        Options options = Options.parse(call, "vc:x::-");
                        assertThat(options.operands().size()).isLessThanOrEqualTo(arguments.size());
                        assertThat(arguments).endsWith(options.operands().toArray(new String[0]));
                    } catch (Options.Unknown unknown) {
                        assertThat(unknown.line()).startsWith("p: ");
                    }
                });
    }

    @Test
    void everyNameIsAPathOrInvalid() throws Exception {
        HostileInputs.of("names")
                .pieces("/", "a", ".", "\u00c3\u00a9", "\u00e9")
                .samples("/var/qmail/control")
                .each((input, random) -> {
                    String name = Octets.text(input);
                    assertThat(Octets.of(name)).isEqualTo(input);
                    assertThat(Octets.lowerCase(name)).hasSameSizeAs(name);
                    try {
                        Path path = Octets.path(name);
                        assertThat(Octets.path(Octets.fileName(path))).isEqualTo(path);
                    } catch (InvalidPathException invalid) {
                        assertThat(input).isNotEmpty();
                    }
                });
    }

    @Test
    void everyLabelIsAMomentOrNone() throws Exception {
        HostileInputs.of("TAI64N labels")
                .pieces("@", "40000000", "ffffffff", "3b9aca0a", "g")
                .samples("@400000003b9aca0a00000000 text")
                .each((input, random) -> {
                    String text = Octets.text(input);
                    int length = Tai64.labelLength(text);
                    assertThat(length).isIn(0, 17, 25);
                    Tai64.parse(text).ifPresent(when -> {
                        if (length == 17) {
                            assertThat(Tai64.label(when)).isEqualToIgnoringCase(text.substring(0, 17));
                        }
                    });
                });
    }

    @Test
    void everyAddressIsItsPartsPutTogether() throws Exception {
        HostileInputs.of("envelope addresses")
                .pieces("ann", "@", "corp.test", "\"", "\\", ".")
                .samples("ann@corp.test", "\"a b\"@c")
                .each((input, random) -> {
                    String address = Octets.text(input);
                    assertThat(MailAddress.of(address)).hasToString(address);
                    assertThat(MailAddress.quoted(address)).isNotNull();
                });
    }
}
