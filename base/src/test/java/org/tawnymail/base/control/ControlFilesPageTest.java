package org.tawnymail.base.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The page of control files is made from {@link ControlFile}: {@code mvn -pl base test -Dtest=ControlFilesPageTest
 * -Dtawny.pages=write} writes it.
 */
class ControlFilesPageTest {

    private static final Path PAGE = Path.of("..", "doc", "control-files.md");

    @Test
    void thePageInTheTreeSaysWhatTheProgramsGoBy() throws IOException {
        String page = ControlFilesPage.markdown();
        if ("write".equals(System.getProperty("tawny.pages"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("made with -Dtawny.pages=write, see " + getClass()).hasContent(page);
    }
}
