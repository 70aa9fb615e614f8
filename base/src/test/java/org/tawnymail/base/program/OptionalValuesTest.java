package org.tawnymail.base.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tawnymail.base.program.Options.Option;

/** Options such as sendmail's {@code -E}, which swallow what is glued to them and nothing else. */
class OptionalValuesTest {

    @Test
    void anOptionalValueIsWhatIsGluedToTheLetter() throws Options.Unknown {
        assertThat(parse("-vEv", "x").options()).containsExactly(new Option('v', ""), new Option('E', "v"));
    }

    @Test
    void itIsNeverTheNextArgument() throws Options.Unknown {
        Options options = parse("-E", "ann@corp.example");
        assertThat(options.options()).containsExactly(new Option('E', ""));
        assertThat(options.operands()).containsExactly("ann@corp.example");
    }

    private static Options parse(String... arguments) throws Options.Unknown {
        Call call = new Call("p", List.of(arguments), Environment.empty(), Descriptors.none(), Path.of("/"));
        return Options.parse(call, "vE::");
    }
}
