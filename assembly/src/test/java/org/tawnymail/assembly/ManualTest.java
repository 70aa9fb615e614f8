package org.tawnymail.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.control.Home;
import org.tawnymail.manual.Manual;
import org.tawnymail.manual.ManualPage;

/** The manual: a page for everything, in one shape, with links that lead somewhere, and man pages that man can show. */
class ManualTest {

    private static final Path DOC = Path.of("..", "doc");

    /** The headings that every page uses for the same thing, in their order. Others tell what a page describes. */
    private static final List<String> HEADINGS = List.of(
            "Synopsis",
            "Description",
            "Options",
            "Environment",
            "Control files",
            "Exit codes",
            "Example",
            "Differences from qmail",
            "See also");

    /** Commands of ./tawny that are no mail program, and a part of the server. */
    private static final Set<String> NOT_IN_THE_TABLE =
            Set.of("tawny", "serve", "prove", "install", "adopt", "check", "qmail-send");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(#[^)\\s]*)?\\)");

    private final Manual manual = new Manual(DOC);

    @TempDir
    private Path directory;

    /** The programs of the table, and those that are processes of their own. */
    private static Set<String> programs(Path home) throws IOException {
        Set<String> programs =
                new TreeSet<>(Programs.standingAlone(new Home(home), home).names());
        try (Stream<Path> commands = Files.list(Path.of("..", "bin"))) {
            commands.forEach(command -> programs.add(String.valueOf(command.getFileName())));
        }
        return programs;
    }

    @Test
    void everyProgramHasAPageAndAManPage() throws IOException {
        manual.write(directory);
        Set<String> man = new TreeSet<>();
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> man.add(String.valueOf(file.getFileName()).replaceFirst("\\.[0-9]$", "")));
        }
        assertThat(man).containsAll(programs(directory));
    }

    /** As {@code ./tawny man} looks for it. */
    @Test
    void everyPageOfTheIndexIsAManPageUnderTheNameThatItHasThere() throws IOException {
        manual.write(directory);
        for (ManualPage page : manual.pages()) {
            assertThat(directory.resolve("man" + page.section()))
                    .isDirectoryContaining("glob:**/" + page.name() + "." + page.section());
        }
        assertThat(directory.resolve("man5/qmail-control.5"))
                .hasSameTextualContentAs(directory.resolve("man5/control-files.5"));
    }

    @Test
    void everyPageOfAProgramIsThatOfAProgram() throws IOException {
        for (ManualPage page : manual.pages()) {
            if (page.section() == 1 || page.section() == 8) {
                assertThat(programs(directory).contains(page.name()) || NOT_IN_THE_TABLE.contains(page.name()))
                        .as(
                                "doc/%s.md is of section %s; the table in Manual says which pages are formats",
                                page.name(), page.section())
                        .isTrue();
            }
        }
    }

    @Test
    void theHeadingsThatPagesShareStandInTheirOrder() throws IOException {
        for (ManualPage page : manual.pages()) {
            List<String> shared = new ArrayList<>(page.headings());
            shared.retainAll(HEADINGS);
            List<String> inOrder = new ArrayList<>(HEADINGS);
            inOrder.retainAll(shared);
            assertThat(shared).as("doc/%s.md", page.name()).isEqualTo(inOrder);
            assertThat(page.headings())
                    .as("doc/%s.md", page.name())
                    .doesNotContain("Exit code", "Exit status", "Examples", "Control file", "SYNOPSIS");
        }
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> pages = new ArrayList<>(manual.names());
        for (String page : pages) {
            Matcher link = LINK.matcher(Files.readString(DOC.resolve(page + ".md")));
            while (link.find()) {
                String target = link.group(1);
                if (!target.isEmpty() && !target.contains("://")) {
                    assertThat(DOC.resolve(target))
                            .as("a link of doc/%s.md", page)
                            .exists();
                }
            }
        }
    }

    @Test
    void theIndexListsEveryPage() throws IOException {
        String index = Files.readString(DOC.resolve("README.md"));
        for (String page : manual.names()) {
            if (!page.equals("README")) {
                assertThat(index).contains("(" + page + ".md)");
            }
        }
    }

    @Test
    void everyManPageIsSetWithoutAWarning() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "groff is not installed");
        manual.write(directory);
        for (ManualPage page : manual.pages()) {
            Path file = directory.resolve("man" + page.section()).resolve(page.manName() + "." + page.section());
            Path said = directory.resolve("said");
            Process groff = new ProcessBuilder("/usr/bin/groff", "-t", "-man", "-ww", "-Tutf8", file.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(said.toFile())
                    .start();
            assertThat(groff.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(said))
                    .as("groff about %s", file.getFileName())
                    .isEmpty();
        }
    }
}
