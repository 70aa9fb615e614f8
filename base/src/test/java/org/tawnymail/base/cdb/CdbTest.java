package org.tawnymail.base.cdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;

class CdbTest {

    @TempDir
    private Path directory;

    @Test
    void keysHashToTheNumbersOfTheSpec() {
        assertThat(hash("")).isEqualTo(0x1505L);
        assertThat(hash("a")).isEqualTo(177604);
        assertThat(hash("foo.com")).isEqualTo(0x65e6c74cL);
        assertThat(hash(".bar.org")).isEqualTo(0x4c75c76eL);
        assertThat(hash("!")).isEqualTo(177540);
        assertThat(hash("!joe-")).isEqualTo(0x05e43ca9L);
        assertThat(hash("!joe\0")).isEqualTo(0x05e43c84L);
        Map<String, Integer> tables =
                Map.of("", 5, "a", 196, "foo.com", 76, ".bar.org", 110, "!", 132, "!joe-", 169, "!joe\0", 132);
        tables.forEach((key, table) ->
                assertThat(CdbHash.table(CdbHash.of(Octets.of(key)))).as(key).isEqualTo(table));
    }

    @Test
    void aFileIsMadeByteForByteAsTheFormatIsDrawn() throws IOException {
        Path file = make("foo.com", "relay", "", "x");
        // Two records of 8+7+5 and 8+0+1 octets; "foo.com" is in table 76, the empty key in table 5.
        int first = 2048;
        int second = first + 20;
        int tables = second + 9;
        ByteBuffer golden = ByteBuffer.allocate(tables + 32).order(ByteOrder.LITTLE_ENDIAN);
        for (int table = 0; table < 256; table++) {
            golden.putInt(tables + (table > 5 ? 16 : 0) + (table > 76 ? 16 : 0));
            golden.putInt(table == 5 || table == 76 ? 2 : 0);
        }
        golden.putInt(7).putInt(5).put(Octets.of("foo.comrelay"));
        golden.putInt(0).putInt(1).put(Octets.of("x"));
        // (0x1505 >> 8) % 2 = 1; (0x65e6c74c >> 8) % 2 = 1
        golden.putInt(0).putInt(0).putInt(0x1505).putInt(second);
        golden.putInt(0).putInt(0).putInt(0x65e6c74c).putInt(first);
        assertThat(Files.readAllBytes(file)).isEqualTo(golden.array());
        assertThat(directory.resolve("cdb.tmp")).doesNotExist();
    }

    @Test
    void anEmptyDatabaseIsItsHeader() throws IOException {
        Path file = make();
        assertThat(Files.size(file)).isEqualTo(2048);
        assertThat(Cdb.open(file).get("")).isEmpty();
        Cdb.open(file).forEach((key, value) -> {
            throw new AssertionError("a record");
        });
    }

    @Test
    void ofTwoRecordsWithOneKeyTheFirstIsFoundAndAllCanBeHad() throws IOException {
        Cdb cdb = Cdb.open(make("host", "first", "other", "y", "host", "second"));
        assertThat(cdb.get("host")).contains("first");
        assertThat(cdb.all(Octets.of("host"))).containsExactly(Octets.of("first"), Octets.of("second"));
        assertThat(cdb.contains("other")).isTrue();
        assertThat(cdb.contains("Host")).isFalse();
    }

    @Test
    void whateverIsPutInIsFoundAgain() throws IOException {
        Random random = new Random(2);
        Map<String, List<String>> expected = new HashMap<>();
        List<String> order = new ArrayList<>();
        Path file = directory.resolve("cdb");
        try (CdbWriter writer = CdbWriter.create(directory.resolve("cdb.tmp"))) {
            for (int i = 0; i < 5000; i++) {
                String key = randomText(random, 3);
                String value = randomText(random, 300);
                writer.add(key, value);
                expected.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
                order.add(key + "\n" + value);
            }
            writer.finish(file);
        }
        Cdb cdb = Cdb.open(file);
        for (var entry : expected.entrySet()) {
            assertThat(cdb.all(Octets.of(entry.getKey())).stream().map(Octets::text))
                    .isEqualTo(entry.getValue());
            assertThat(cdb.get(entry.getKey())).contains(entry.getValue().getFirst());
        }
        List<String> visited = new ArrayList<>();
        cdb.forEach((key, value) -> visited.add(Octets.text(key) + "\n" + Octets.text(value)));
        assertThat(visited).isEqualTo(order);
        assertThat(cdb.get("no such key")).isEmpty();
    }

    @Test
    void aDamagedFileGivesAnAnswerOrAnErrorAndNeverHangs() throws IOException {
        byte[] good = Files.readAllBytes(make("a", "1", "b", "2", "!joe-", "x".repeat(100), "a", "3"));
        Random random = new Random(3);
        Path file = directory.resolve("damaged");
        int errors = 0;
        for (int round = 0; round < 600; round++) {
            byte[] bad = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bad[random.nextInt(bad.length)] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
            }
            bad = round % 3 == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length)) : bad;
            Files.write(file, bad);
            errors += errorsOf(file);
        }
        assertThat(errors).isGreaterThan(30);
    }

    @Test
    void aFileThatIsCutOffWhileItIsReadIsDamaged() throws IOException {
        Path file = make("a", "x".repeat(100_000));
        Cdb cdb = Cdb.open(file);
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> cdb.get("a"))
                .isInstanceOf(CdbDamaged.class)
                .hasMessage(file + ": damaged database: it became shorter while it was read");
    }

    @Test
    void aMissingFileIsMissingAndATextFileIsDamaged() throws IOException {
        assertThatThrownBy(() -> Cdb.open(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
        Path text = Files.writeString(directory.resolve("text"), "corp.example\n");
        assertThatThrownBy(() -> Cdb.open(text))
                .isInstanceOf(CdbDamaged.class)
                .hasMessage(text + ": damaged database: it has only 13 octets");
    }

    @Test
    void aNewDatabaseIsSeenAtTheNextLookAndTheOldOneCanStillBeRead() throws IOException {
        CdbFile name = new CdbFile(directory.resolve("cdb"));
        assertThat(name.current()).isEmpty();
        make("user", "old");
        Cdb old = name.current().orElseThrow();
        assertThat(name.current().orElseThrow()).isSameAs(old);
        make("user", "new");
        assertThat(name.current().orElseThrow().get("user")).contains("new");
        assertThat(old.get("user")).contains("old");
        Files.delete(name.path());
        assertThat(name.current()).isEmpty();
    }

    @Test
    void anUnfinishedDatabaseLeavesTheOldOneAlone() throws IOException {
        Path file = make("user", "old");
        try (CdbWriter writer = CdbWriter.create(directory.resolve("cdb.tmp"))) {
            writer.add("user", "new");
        }
        assertThat(directory.resolve("cdb.tmp")).doesNotExist();
        assertThat(Cdb.open(file).get("user")).contains("old");
    }

    private Path make(String... keysAndValues) throws IOException {
        Path file = directory.resolve("cdb");
        try (CdbWriter writer = CdbWriter.create(directory.resolve("cdb.tmp"))) {
            for (int i = 0; i < keysAndValues.length; i += 2) {
                writer.add(keysAndValues[i], keysAndValues[i + 1]);
            }
            writer.finish(file);
        }
        return file;
    }

    private static int errorsOf(Path file) throws IOException {
        int errors = 0;
        try {
            Cdb cdb = Cdb.open(file);
            for (String key : new String[] {"a", "b", "!joe-", "none", ""}) {
                try {
                    assertThat(cdb.all(Octets.of(key))).hasSizeLessThan(10);
                } catch (CdbDamaged damaged) {
                    errors++;
                }
            }
            cdb.forEach((key, value) -> {});
        } catch (CdbDamaged damaged) {
            errors++;
        }
        return errors;
    }

    private static String randomText(Random random, int longest) {
        byte[] octets = new byte[random.nextInt(longest + 1)];
        random.nextBytes(octets);
        return Octets.text(octets);
    }

    private static long hash(String key) {
        return Integer.toUnsignedLong(CdbHash.of(Octets.of(key)));
    }
}
