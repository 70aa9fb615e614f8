package org.tawnymail.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tawnymail.base.program.Ending;

class QueueExitTest {

    @ParameterizedTest(name = "exit code {0} means {1}")
    @CsvSource({
        "11, Denvelope address too long for qq (#5.1.3)",
        "115, Denvelope address too long for qq (#5.1.3)",
        "31, Dmail server permanently rejected message (#5.3.0)",
        "12, Dqq permanent problem (#5.3.0)",
        "40, Dqq permanent problem (#5.3.0)",
        "41, Zqq temporary problem (#4.3.0)",
        "10, Zqq temporary problem (#4.3.0)",
        "51, Zqq out of memory (#4.3.0)",
        "52, Zqq timeout (#4.3.0)",
        "53, Zqq write error or disk full (#4.3.0)",
        "54, Zqq read error (#4.3.0)",
        "55, Zqq unable to read configuration (#4.3.0)",
        "56, Zqq trouble making network connection (#4.3.0)",
        "61, Zqq trouble in home directory (#4.3.0)",
        "62, Zqq trouble creating files in queue (#4.3.0)",
        "66, Zqq trouble creating files in queue (#4.3.0)",
        "71, Zmail server temporarily rejected message (#4.3.0)",
        "72, Zconnection to mail server timed out (#4.4.1)",
        "73, Zconnection to mail server rejected (#4.4.1)",
        "74, Zcommunication with mail server failed (#4.4.2)",
        "81, Zqq internal bug (#4.3.0)",
        "91, Zqq internal bug (#4.3.0)",
        "120, Zunable to exec qq (#4.3.0)",
        "82, Zqq temporary problem (#4.3.0)",
        "111, Zqq temporary problem (#4.3.0)"
    })
    void exitCodesHaveTheirTexts(int code, String text) {
        assertThat(QueueExit.of(new Ending.Exited(code), "", 1))
                .isEqualTo(new QueueResult.Refused(text.charAt(0) == 'D', text.substring(1)));
    }

    @Test
    void zeroIsSuccess() {
        assertThat(QueueExit.of(new Ending.Exited(0), "Dignored", 77)).isEqualTo(new QueueResult.Accepted(77));
        assertThat(QueueExit.code(new QueueResult.Accepted(77))).isZero();
    }

    @Test
    void aSignalIsACrash() {
        assertThat(QueueExit.of(new Ending.Killed(11), "", 1))
                .isEqualTo(new QueueResult.Refused(false, "qq crashed (#4.3.0)"));
    }

    @Test
    void everyTextOfTheTableHasACodeThatGivesItBack() {
        for (int code = 0; code < 256; code++) {
            QueueResult result = QueueExit.of(new Ending.Exited(code), "", 1);
            assertThat(QueueExit.of(new Ending.Exited(QueueExit.code(result)), "", 1))
                    .isEqualTo(result);
        }
        assertThat(QueueExit.code(new QueueResult.Refused(true, "own words"))).isEqualTo(82);
    }
}
