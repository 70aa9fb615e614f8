package org.tawnymail.base.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CallTest {

    private static final long MORE_THAN_ANY_PROCESS_ID = 4_194_304;

    @Test
    void theNumbersOfCallsInsideAProcessAreThoseOfNoOtherProcessAndNoOtherCall() {
        Set<Long> numbers =
                LongStream.range(0, 1000).mapToObj(i -> call().pid()).collect(Collectors.toSet());
        assertThat(numbers)
                .hasSize(1000)
                .allSatisfy(number -> assertThat(number).isGreaterThan(MORE_THAN_ANY_PROCESS_ID))
                .allSatisfy(number -> assertThat(number % MORE_THAN_ANY_PROCESS_ID)
                        .as("what another process, with another id, would not have")
                        .isEqualTo(ProcessHandle.current().pid()));
    }

    private static Call call() {
        return new Call("forward", List.of(), Environment.empty(), Descriptors.none(), Path.of("/"));
    }
}
