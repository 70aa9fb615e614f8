package org.tawnymail.assembly;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the table of doc/architecture.md against the compiled classes and the folders. */
class ArchitectureTest {

    private static final String ROOT = "org.tawnymail.";

    private static final Pattern ROOM = Pattern.compile("`([a-z0-9]+)`:");

    private static final List<Row> TABLE = table();

    /**
     * A row of the table.
     *
     * @param rooms the packages in the wing
     * @param mayImport other wings; empty if it may import all
     */
    private record Row(String wing, Set<String> rooms, Optional<List<String>> mayImport) {

        static Row of(String line) {
            String[] cells = line.substring(1).split("\\|", -1);
            Set<String> rooms = new TreeSet<>();
            ROOM.matcher(cells[2]).results().forEach(room -> rooms.add(room.group(1)));
            String imports = cells[3].strip();
            return new Row(
                    cells[0].strip().replace("`", ""),
                    rooms,
                    switch (imports) {
                        case "all" -> Optional.empty();
                        case "nothing of ours" -> Optional.of(List.of());
                        default -> Optional.of(List.of(imports.split(", ", -1)));
                    });
        }
    }

    private static List<Row> table() {
        try (Stream<String> lines = Files.lines(Path.of("../doc/architecture.md"))) {
            return lines.dropWhile(line -> !line.startsWith("| folder |"))
                    .skip(2)
                    .takeWhile(line -> line.startsWith("|"))
                    .map(Row::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.tawnymail");

    @TestFactory
    List<DynamicTest> everyWingImportsOnlyWhatItsRowAllows() {
        return TABLE.stream()
                .filter(row -> row.mayImport().isPresent())
                .map(row -> DynamicTest.dynamicTest(
                        row.wing(), () -> check(row.wing(), row.mayImport().get())))
                .toList();
    }

    @Test
    void theTableHasEveryModule() throws IOException {
        Set<String> modules = new TreeSet<>();
        try (DirectoryStream<Path> poms = Files.newDirectoryStream(Path.of(".."), "*")) {
            for (Path folder : poms) {
                if (Files.exists(folder.resolve("pom.xml"))) {
                    modules.add(String.valueOf(folder.getFileName()));
                }
            }
        }
        assertThat(TABLE).extracting(Row::wing).containsExactlyInAnyOrderElementsOf(modules);
    }

    @TestFactory
    List<DynamicTest> theRowOfEveryWingHasItsRooms() {
        return TABLE.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.wing(), () -> assertThat(rooms(row.wing())).isEqualTo(row.rooms())))
                .toList();
    }

    /** The packages in a wing, as its source has them. */
    private static Set<String> rooms(String wing) throws IOException {
        Set<String> rooms = new TreeSet<>();
        Path source = Path.of("..", wing, "src/main/java/org/tawnymail", wing);
        if (Files.isDirectory(source)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(source, Files::isDirectory)) {
                folders.forEach(folder -> rooms.add(String.valueOf(folder.getFileName())));
            }
        }
        return rooms;
    }

    /** NullAway looks only at packages that are marked. */
    @Test
    void everyPackageIsNullMarked() {
        for (JavaClass one : HOUSE) {
            assertThat(HOUSE.contain(one.getPackageName() + ".package-info"))
                    .as(one.getPackageName() + " has a package-info")
                    .isTrue();
        }
        classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith(NullMarked.class)
                .check(HOUSE);
    }

    @Test
    void noTwoWingsImportEachOther() {
        slices().matching("org.tawnymail.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void noRoomIsCalledAfterNothing() {
        classes()
                .should()
                .resideOutsideOfPackages("..util..", "..utils..", "..common..", "..helper..", "..impl..", "..misc..")
                .check(HOUSE);
    }

    /** A program sees the world through its Call; only the launcher and the benchmarks stand outside of one. */
    @Test
    void noProgramLooksAtTheProcessInsteadOfItsCall() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.tawnymail.assembly..", "org.tawnymail.bench..")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "in")
                .check(HOUSE);
    }

    private static void check(String wing, List<String> allowed) {
        DescribedPredicate<JavaClass> forbidden = DescribedPredicate.describe(
                "in a wing other than " + wing + " and " + allowed, target -> isForbidden(target, wing, allowed));
        noClasses()
                .that()
                .resideInAPackage(ROOT + wing + "..")
                .should()
                .dependOnClassesThat(forbidden)
                .check(HOUSE);
    }

    private static boolean isForbidden(JavaClass target, String wing, List<String> allowed) {
        String name = target.getPackageName();
        if (!name.startsWith(ROOT)) {
            return false;
        }
        int end = name.indexOf('.', ROOT.length());
        String itsWing = end < 0 ? name.substring(ROOT.length()) : name.substring(ROOT.length(), end);
        return !itsWing.equals(wing) && !allowed.contains(itsWing);
    }
}
