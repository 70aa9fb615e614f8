package org.tawnymail.proof.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.Octets;

/** What a loss of power may leave, and what it may not. Each fact is looked at in thousands of losses. */
class DiskStateTest {

    private static final int LOSSES = 3000;
    private static final int SECTOR = SimulatedFile.SECTOR;
    private static final Path HOME = Path.of("/home");
    private static final Path ONE = HOME.resolve("one");
    private static final Path TWO = HOME.resolve("two");
    private static final Path A = ONE.resolve("a");
    private static final Path B = ONE.resolve("b");

    private final DiskState disk = DiskState.of(List.of(HOME, ONE, TWO));
    private int files;

    private int create(Path path) {
        disk.apply(new DiskChange.Create(path, ++files));
        return files;
    }

    private void write(int file, int position, String text) {
        disk.apply(new DiskChange.Write(file, position, Octets.of(text)));
    }

    private void force(int file) {
        disk.apply(new DiskChange.Force(file));
    }

    private void forceDirectory(Path directory) {
        disk.apply(new DiskChange.ForceDirectory(directory));
    }

    private void rename(Path from, Path to) {
        disk.apply(new DiskChange.Rename(from, to));
    }

    private int durableFile(Path path, String text) {
        int file = create(path);
        write(file, 0, text);
        force(file);
        forceDirectory(ONE);
        return file;
    }

    /** Everything that was found in many losses of power. */
    private Set<String> outcomes(Function<DiskState, String> look) {
        Set<String> found = new TreeSet<>();
        for (int seed = 0; seed < LOSSES; seed++) {
            found.add(look.apply(disk.afterPowerLoss(new SplittableRandom(seed))));
        }
        return found;
    }

    private Set<String> contents(Path path) {
        return outcomes(left -> left.isFile(path) ? Octets.text(left.bytes(path)) : "-");
    }

    private Set<String> names() {
        return outcomes(left -> String.join(
                " ",
                java.util.stream.Stream.of(ONE, TWO)
                        .flatMap(directory -> left.list(directory).stream())
                        .map(path -> HOME.relativize(path).toString())
                        .toList()));
    }

    // ---- bytes

    @Test
    void anUnforcedWriteIsLostKeptOrTornAtAnySector() {
        int file = durableFile(A, "a".repeat(3 * SECTOR));
        write(file, 0, "b".repeat(3 * SECTOR));
        assertThat(outcomes(left -> letters(left.bytes(A))))
                .containsExactlyInAnyOrder("aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb");
    }

    /** One letter for each sector, which must be of one kind. */
    private static String letters(byte[] bytes) {
        StringBuilder letters = new StringBuilder();
        for (int at = 0; at < bytes.length; at += SECTOR) {
            byte[] sector = Arrays.copyOfRange(bytes, at, at + SECTOR);
            byte[] pure = new byte[SECTOR];
            Arrays.fill(pure, sector[0]);
            assertThat(sector).isEqualTo(pure);
            letters.append(sector[0] == 0 ? '0' : (char) sector[0]);
        }
        return letters.toString();
    }

    @Test
    void aSectorThatWasWrittenTwiceMayBeInAnyOfItsStates() {
        int file = durableFile(A, "a");
        write(file, 0, "b");
        write(file, 0, "c");
        assertThat(contents(A)).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void aFileThatGrewMayHaveAnyOfItsLengthsAndZerosWhereNothingArrived() {
        int file = durableFile(A, "");
        write(file, 0, "a".repeat(SECTOR));
        write(file, SECTOR, "b".repeat(SECTOR));
        assertThat(outcomes(left -> letters(left.bytes(A))))
                .containsExactlyInAnyOrder("", "0", "a", "00", "a0", "0b", "ab");
    }

    @Test
    void whatAForceHasCoveredStays() {
        int file = durableFile(A, "a".repeat(SECTOR));
        write(file, 0, "b".repeat(SECTOR));
        force(file);
        assertThat(contents(A)).containsExactly("b".repeat(SECTOR));
        disk.apply(new DiskChange.Truncate(file, 3));
        String halfCut = "bbb" + "\0".repeat(SECTOR - 3);
        assertThat(contents(A)).containsExactlyInAnyOrder("b".repeat(SECTOR), "bbb", halfCut);
        force(file);
        assertThat(contents(A)).containsExactly("bbb");
    }

    @Test
    void whatAFailedForceWasToWriteIsGivenUpAndTheNextForceDoesNotNotice() {
        int file = durableFile(A, "a");
        write(file, 0, "b");
        disk.apply(new DiskChange.ForceFailed(file));
        force(file);
        assertThat(contents(A)).containsExactlyInAnyOrder("a", "b");
        assertThat(disk.bytes(A)).as("programs see it all the same").isEqualTo(Octets.of("b"));
        write(file, 0, "b");
        force(file);
        assertThat(contents(A)).as("written again, it counts").containsExactly("b");
    }

    @Test
    void aForceOfTheFileSystemCoversAllBytesAndNames() {
        int file = create(A);
        write(file, 0, "a");
        disk.apply(new DiskChange.ForceFileSystem());
        assertThat(contents(A)).containsExactly("a");
    }

    @Test
    void aFailedForceOfTheFileSystemGivesUpTheBytesOfAllFiles() {
        int file = durableFile(A, "a");
        write(file, 0, "b");
        disk.apply(new DiskChange.ForceFileSystemFailed());
        force(file);
        assertThat(contents(A)).containsExactlyInAnyOrder("a", "b");
    }

    // ---- names

    @Test
    void aForceOfAFileDoesNotForceItsName() {
        int file = create(A);
        write(file, 0, "a");
        force(file);
        assertThat(contents(A)).containsExactlyInAnyOrder("-", "a");
        forceDirectory(TWO);
        assertThat(contents(A)).as("nor does another directory's").contains("-");
        forceDirectory(ONE);
        assertThat(contents(A)).containsExactly("a");
    }

    @Test
    void renamesAreLostOrKeptInAnyOrder() {
        durableFile(A, "a");
        durableFile(B, "b");
        rename(A, ONE.resolve("c"));
        rename(B, ONE.resolve("d"));
        assertThat(names()).containsExactlyInAnyOrder("one/a one/b", "one/b one/c", "one/a one/d", "one/c one/d");
    }

    @Test
    void changesOfOneNameKeepTheirOrder() {
        durableFile(A, "a");
        rename(A, B);
        create(A);
        assertThat(names()).containsExactlyInAnyOrder("one/a", "one/b", "one/a one/b");
        assertThat(contents(B)).as("the first file is never without a name").containsExactlyInAnyOrder("-", "a");
        assertThat(outcomes(left -> left.isFile(B) ? "moved" : Octets.text(left.bytes(A))))
                .containsExactlyInAnyOrder("moved", "a");
    }

    @Test
    void aFileThatIsReplacedIsTheOldOrTheNewOne() {
        durableFile(A, "old");
        durableFile(B, "new");
        rename(B, A);
        assertThat(contents(A)).containsExactlyInAnyOrder("old", "new");
        assertThat(names()).containsExactlyInAnyOrder("one/a one/b", "one/a");
    }

    @Test
    void aRenameToAnotherDirectoryMayLeaveBothNamesAndNeverNone() {
        durableFile(A, "a");
        rename(A, TWO.resolve("a"));
        assertThat(names()).containsExactlyInAnyOrder("one/a", "two/a", "one/a two/a");
    }

    @Test
    void theNewDirectoryAloneForcedKeepsTheNewNameForSure() {
        durableFile(A, "a");
        rename(A, TWO.resolve("a"));
        forceDirectory(TWO);
        assertThat(names()).containsExactlyInAnyOrder("two/a", "one/a two/a");
        forceDirectory(ONE);
        assertThat(names()).containsExactly("two/a");
    }

    @Test
    void theOldDirectoryAloneForcedTakesTheOldNameAwayAndNotTheFile() {
        durableFile(A, "a");
        rename(A, TWO.resolve("a"));
        forceDirectory(ONE);
        assertThat(names()).containsExactly("two/a");
    }

    @Test
    void aRemovedFileMayComeBack() {
        durableFile(A, "a");
        disk.apply(new DiskChange.Delete(A));
        assertThat(contents(A)).containsExactlyInAnyOrder("-", "a");
        forceDirectory(ONE);
        assertThat(contents(A)).containsExactly("-");
    }

    @Test
    void aDirectoryThatIsLostTakesAlongWhatWasForcedInIt() {
        Path inner = ONE.resolve("inner");
        disk.apply(new DiskChange.MakeDirectory(inner));
        int file = create(inner.resolve("a"));
        write(file, 0, "a");
        force(file);
        forceDirectory(inner);
        assertThat(contents(inner.resolve("a"))).containsExactlyInAnyOrder("-", "a");
        forceDirectory(ONE);
        assertThat(contents(inner.resolve("a"))).containsExactly("a");
    }

    // ---- states

    @Test
    void aStateThatWasLeftIsNotChangedByWhatHappensToAnother() {
        int file = durableFile(A, "a");
        DiskState left = disk.afterPowerLoss(new SplittableRandom(1));
        DiskState copy = left.copy();
        copy.apply(new DiskChange.Write(file, 0, Octets.of("z")));
        write(file, 0, "b");
        assertThat(left.bytes(A)).isEqualTo(Octets.of("a"));
        assertThat(copy.bytes(A)).isEqualTo(Octets.of("z"));
    }

    @Test
    void whatWasFoundAfterALossOfPowerIsDurable() {
        int file = durableFile(A, "a");
        write(file, 0, "b");
        DiskState left = disk.afterPowerLoss(new SplittableRandom(1));
        String found = Octets.text(left.bytes(A));
        for (int seed = 0; seed < 100; seed++) {
            assertThat(Octets.text(
                            left.afterPowerLoss(new SplittableRandom(seed)).bytes(A)))
                    .isEqualTo(found);
        }
    }
}
