package org.tawnymail.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the tables in {@code doc/conformance} against the source tree: what they say holds a statement is there. */
class ConformanceTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Path PAGES = ROOT.resolve("doc/conformance");

    /** A test: {@code `QmailSmtpdTest.aPeerThatDoesNotReadEndsTheSession`}. */
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    /** Anything that looks as if it should be one, so that a slip of the pen is not passed over. */
    private static final Pattern NEARLY_A_TEST = Pattern.compile("\\b\\w+Test\\b");

    /** A case of a file of many: {@code commands.txt "HELO is answered by the greeting"}. */
    private static final Pattern CASE = Pattern.compile("([\\w-]+\\.txt) \"([^\"]+)\"");

    /** A file that is one case. */
    private static final Pattern FILE = Pattern.compile("\\b([\\w-]+\\.txt)\\b");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)#?([^)]*)\\)");

    private final Map<String, List<Path>> tests = new HashMap<>();
    private final Map<String, List<Path>> resources = new HashMap<>();

    ConformanceTest() throws IOException {
        List<Path> modules;
        try (Stream<Path> folders = Files.list(ROOT)) {
            modules = folders.map(folder -> folder.resolve("src/test"))
                    .filter(Files::isDirectory)
                    .toList();
        }
        for (Path module : modules) {
            try (Stream<Path> files = Files.walk(module)) {
                files.filter(Files::isRegularFile).forEach(this::note);
            }
        }
    }

    private void note(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith("Test.java")) {
            tests.computeIfAbsent(name.substring(0, name.length() - ".java".length()), n -> new ArrayList<>())
                    .add(file);
        } else if (name.endsWith(".txt")) {
            resources.computeIfAbsent(name, n -> new ArrayList<>()).add(file);
        }
    }

    @Test
    void everyTestThatHoldsAStatementIsThere() throws IOException {
        List<String> missing = new ArrayList<>();
        int found = 0;
        for (Path page : pages()) {
            String text = Files.readString(page);
            Matcher test = TEST.matcher(text);
            while (test.find()) {
                found++;
                if (!declares(test.group(1), test.group(2))) {
                    missing.add(page.getFileName() + ": " + test.group());
                }
            }
            Matcher slip = NEARLY_A_TEST.matcher(TEST.matcher(text).replaceAll(""));
            while (slip.find()) {
                missing.add(page.getFileName() + ": " + slip.group() + " without a method");
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).as("tests named").isGreaterThan(100);
    }

    @Test
    void everyDialogueThatHoldsAStatementIsThere() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            Matcher one = CASE.matcher(text);
            while (one.find()) {
                if (!hasCase(one.group(1), one.group(2))) {
                    missing.add(page.getFileName() + ": " + one.group());
                }
            }
            Matcher file = FILE.matcher(text);
            while (file.find()) {
                if (!resources.containsKey(file.group(1))) {
                    missing.add(page.getFileName() + ": " + file.group());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    /** A row that says "differs" says where the reason stands. */
    @Test
    void everyDifferenceHasItsReason() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path page : pages()) {
            for (String line : Files.readAllLines(page)) {
                if (line.startsWith("|") && line.contains("differs") && !line.contains("compatibility.md#")) {
                    wrong.add(page.getFileName() + ": " + line);
                }
                Matcher link = LINK.matcher(line);
                while (link.find()) {
                    if (!leadsSomewhere(page, link.group(1), link.group(2))) {
                        wrong.add(page.getFileName() + ": " + link.group());
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyStatementIsHeldBySomething() throws IOException {
        List<String> empty = new ArrayList<>();
        for (Path page : pages()) {
            for (String line : Files.readAllLines(page)) {
                if (line.startsWith("| ") && line.replaceAll("\\s", "").endsWith("||")) {
                    empty.add(page.getFileName() + ": " + line);
                }
            }
        }
        assertThat(empty).isEmpty();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(PAGES)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private boolean declares(String type, String method) throws IOException {
        Pattern declaration = Pattern.compile("\\s" + method + "\\([^)]*\\)[^;{]*\\{");
        for (Path file : tests.getOrDefault(type, List.of())) {
            if (declaration.matcher(Files.readString(file)).find()) {
                return true;
            }
        }
        return false;
    }

    private boolean hasCase(String name, String title) throws IOException {
        for (Path file : resources.getOrDefault(name, List.of())) {
            if (Files.readAllLines(file, StandardCharsets.ISO_8859_1).contains("=== " + title)) {
                return true;
            }
        }
        return false;
    }

    private static boolean leadsSomewhere(Path page, String target, String heading) throws IOException {
        Path file = target.isEmpty() ? page : page.resolveSibling(target);
        if (!Files.exists(file)) {
            return false;
        }
        return heading.isEmpty()
                || Files.readAllLines(file).stream()
                        .anyMatch(line -> anchor(line).equals(heading));
    }

    private static String anchor(String line) {
        return line.startsWith("#")
                ? line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w -]", "")
                        .replace(' ', '-')
                : "";
    }
}
