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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the import table of doc/architecture.md against the compiled classes. */
class ArchitectureTest {

    private static final String ROOT = "org.tawnymail.";

    private static final Map<String, List<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("base", List.of()),
            Map.entry("message", List.of("base")),
            Map.entry("queue", List.of("base")),
            Map.entry("tcp", List.of("base")),
            Map.entry("inject", List.of("base", "message", "queue")),
            Map.entry("receive", List.of("base", "message", "queue", "tcp")),
            Map.entry("local", List.of("base", "message", "queue")),
            Map.entry("remote", List.of("base", "message", "tcp")),
            Map.entry("proof", List.of("base", "queue", "local", "send")),
            Map.entry("send", List.of("base", "queue")),
            Map.entry("pickup", List.of("base", "message", "local")));

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.tawnymail");

    @TestFactory
    List<DynamicTest> everyWingImportsOnlyWhatItsRowAllows() {
        return MAY_IMPORT.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(row -> DynamicTest.dynamicTest(row.getKey(), () -> check(row.getKey(), row.getValue())))
                .toList();
    }

    @Test
    void everyWingOfTheTableIsThere() {
        for (String wing : MAY_IMPORT.keySet()) {
            assertThat(HOUSE.stream().anyMatch(c -> c.getPackageName().startsWith(ROOT + wing)))
                    .as("classes in " + wing)
                    .isTrue();
        }
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
