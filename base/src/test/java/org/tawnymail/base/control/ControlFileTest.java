package org.tawnymail.base.control;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the programs go by, against the table of the specification: file, form, default, readers, when it is read again. */
class ControlFileTest {

    static List<String> rows() throws IOException {
        try (InputStream in = ControlFileTest.class.getResourceAsStream("control-files-of-qmail.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), US_ASCII)
                    .lines()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyFileOfQmailHasItsFormDefaultReadersAndTime(String row) {
        String[] columns = row.split(" \\| ", -1);
        ControlFile file = ControlFile.named(columns[0]).orElseThrow();
        assertThat(file.kind().name().toLowerCase(Locale.ROOT)).isEqualTo(columns[1]);
        assertThat(standsIn(file)).isEqualTo(columns[2]);
        assertThat(file.readers())
                .isEqualTo(file == ControlFile.ME ? "every program that uses it as a default" : columns[3]);
        assertThat(time(file)).isEqualTo(columns[4]);
    }

    private static String standsIn(ControlFile file) {
        return switch (file.otherwise()) {
            case NONE -> file == ControlFile.RCPTHOSTS ? "none = allow all" : "none";
            case NEEDED -> "none (required)";
            case LITERAL -> file.literal().orElseThrow() + (file == ControlFile.DATABYTES ? " (none)" : "");
            case ME_IF_ANY -> "me, else feature off";
            case ME_IS_NEEDED -> "me (required)";
            case ME_ELSE_ITS_NAME -> "me";
        };
    }

    private static String time(ControlFile file) {
        return switch (file.reread()) {
            case CONNECTION -> "each connection";
            case RUN -> "each run";
            case DELIVERY -> "each delivery";
            case RESTART -> "restart";
            case RESTART_OR_HUP -> "restart or HUP";
            case BY_HAND -> "when qmail-newmrh runs";
            case WITH_THE_PROGRAM -> "with the program";
        };
    }
}
