package org.tawnymail.remote.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadHostsTest {

    private static final InetAddress FOUR = InetAddress.ofLiteral("192.0.2.7");
    private static final InetAddress SIX = InetAddress.ofLiteral("2001:db8::7");

    @TempDir
    private Path directory;

    private volatile Instant now = Instant.ofEpochSecond(0x5f000000L);
    private Path file;
    private DeadHosts deadHosts;

    @BeforeEach
    void anEmptyTable() throws IOException {
        file = directory.resolve("lock/tcpto");
        deadHosts = new DeadHosts(file, () -> now, new Random(20261122));
        deadHosts.reset();
    }

    @Test
    void aRecordIsAddressCountAndTime() throws IOException {
        deadHosts.timedOut(FOUR);
        byte[] table = Files.readAllBytes(file);
        assertThat(table).hasSize(1024);
        assertThat(HexFormat.of().formatHex(table, 0, 16)).isEqualTo("c0000207" + "01000000" + "0000005f" + "00000000");
        assertThat(Arrays.copyOfRange(table, 16, 1024)).containsOnly(0);
    }

    @Test
    void aTableOfAnotherProgramsIsUnderstood() throws IOException {
        byte[] table = new byte[1024];
        System.arraycopy(HexFormat.of().parseHex("c00002070a0000000000005f00000000"), 0, table, 63 * 16, 16);
        Files.write(file, table);
        assertThat(deadHosts.isDead(FOUR)).isTrue();
        assertThat(deadHosts.entries()).containsExactly(new DeadHosts.Entry(FOUR, 10, 0));
    }

    @Test
    void oneTimeoutIsForgivenTwoAreNot() {
        for (InetAddress address : new InetAddress[] {FOUR, SIX}) {
            assertThat(deadHosts.isDead(address)).isFalse();
            deadHosts.timedOut(address);
            assertThat(deadHosts.isDead(address)).isFalse();
            pass(120);
            deadHosts.timedOut(address);
            assertThat(deadHosts.isDead(address)).isTrue();
        }
    }

    @Test
    void timeoutsWithinTwoMinutesAreOne() throws IOException {
        deadHosts.timedOut(FOUR);
        pass(119);
        deadHosts.timedOut(FOUR);
        assertThat(deadHosts.entries()).containsExactly(new DeadHosts.Entry(FOUR, 1, 119));
        pass(1);
        deadHosts.timedOut(FOUR);
        assertThat(deadHosts.entries()).containsExactly(new DeadHosts.Entry(FOUR, 2, 0));
    }

    @Test
    void aDeadHostIsLeftAloneForAnHourOrALittleMore() {
        deadHosts.timedOut(FOUR);
        pass(120);
        deadHosts.timedOut(FOUR);
        pass(3839);
        for (int i = 0; i < 200; i++) {
            assertThat(deadHosts.isDead(FOUR)).isTrue();
        }
        pass(1);
        int dead = 0;
        for (int i = 0; i < 3200; i++) {
            dead += deadHosts.isDead(FOUR) ? 1 : 0;
        }
        assertThat(dead).as("31 of 32").isBetween(3000, 3190);
        pass(5824 - 3840);
        for (int i = 0; i < 200; i++) {
            assertThat(deadHosts.isDead(FOUR)).isFalse();
        }
    }

    @Test
    void anAnswerOfAnyKindClearsTheName() throws IOException {
        for (InetAddress address : new InetAddress[] {FOUR, SIX}) {
            deadHosts.timedOut(address);
            pass(120);
            deadHosts.timedOut(address);
            deadHosts.answered(address);
            assertThat(deadHosts.isDead(address)).isFalse();
        }
        assertThat(deadHosts.entries()).isEmpty();
        byte[] table = Files.readAllBytes(file);
        assertThat(HexFormat.of().formatHex(table, 0, 5)).isEqualTo("c000020700");
    }

    @Test
    void theCountEndsAtTen() throws IOException {
        for (int i = 0; i < 20; i++) {
            deadHosts.timedOut(FOUR);
            pass(120);
        }
        assertThat(deadHosts.entries()).containsExactly(new DeadHosts.Entry(FOUR, 10, 120));
    }

    @Test
    void aFullTableForgetsTheOldestAndLeastCounted() throws IOException {
        for (int i = 0; i < 64; i++) {
            deadHosts.timedOut(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) i}));
            pass(200);
        }
        deadHosts.timedOut(InetAddress.ofLiteral("10.0.0.0"));
        pass(200);
        deadHosts.timedOut(FOUR);
        assertThat(deadHosts.entries()).hasSize(64).contains(new DeadHosts.Entry(FOUR, 1, 0));
        assertThat(deadHosts.entries().get(0).address()).isEqualTo(InetAddress.ofLiteral("10.0.0.0"));
        assertThat(deadHosts.entries().get(1).address()).isEqualTo(FOUR);
    }

    @Test
    void whatAnotherClearsIsSeen() throws IOException {
        deadHosts.timedOut(FOUR);
        pass(120);
        deadHosts.timedOut(FOUR);
        assertThat(deadHosts.isDead(FOUR)).isTrue();
        new DeadHosts(file, () -> now, new Random(1)).clear();
        assertThat(deadHosts.isDead(FOUR)).isFalse();
    }

    @Test
    void aFileThatIsMissingOrTooShortIsAnEmptyTable() throws IOException {
        Files.write(file, new byte[100]);
        deadHosts.timedOut(FOUR);
        assertThat(file).hasBinaryContent(new byte[100]);
        assertThat(deadHosts.isDead(FOUR)).isFalse();
        assertThat(deadHosts.entries()).isEmpty();
        Files.delete(file);
        deadHosts.timedOut(FOUR);
        deadHosts.answered(FOUR);
        assertThat(deadHosts.isDead(FOUR)).isFalse();
        assertThat(file).doesNotExist();
        assertThatThrownBy(deadHosts::entries).isInstanceOf(IOException.class);
    }

    @Test
    void anyTableIsUnderstoodAndWrittenBackAsItWas() {
        Random random = new Random(20261122);
        for (int round = 0; round < 500; round++) {
            byte[] octets = new byte[TimeoutTable.LENGTH];
            random.nextBytes(octets);
            byte[] written = TimeoutTable.of(octets).octets();
            assertThat(TimeoutTable.of(written).octets()).isEqualTo(written);
            for (int i = 0; i < octets.length; i++) {
                boolean reserved = (i % 16 >= 5 && i % 16 < 8) || i % 16 >= 12;
                assertThat(written[i]).isEqualTo(reserved ? 0 : octets[i]);
            }
        }
    }

    private void pass(long seconds) {
        now = now.plusSeconds(seconds);
    }
}
