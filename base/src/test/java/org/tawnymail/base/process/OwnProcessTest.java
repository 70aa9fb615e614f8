package org.tawnymail.base.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tawnymail.base.Octets;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Commands;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Ending;
import org.tawnymail.base.program.Environment;
import org.tawnymail.base.program.Program;
import org.tawnymail.base.program.ProgramTable;

/** A JVM of its own is started as a shell would start it, and tells what it sees. */
@Timeout(60)
class OwnProcessTest {

    private static final String ODD =
            Octets.text(new byte[] {'?', (byte) 0xfc, ' ', (byte) 0xc3, (byte) 0xbc, '\n', 'x'});

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
    private static final String CLASSES = System.getProperty("java.class.path");

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream six = new ByteArrayOutputStream();
    private final Commands commands = new ProgramCommands(new NoPrograms(), Path.of("/nonexistent"));

    @Test
    void argumentsAndEnvironmentAreTheOctetsThatWereGivenInEveryLocale() throws Exception {
        for (String locale : new String[] {"C", "C.UTF-8"}) {
            out.reset();
            Environment environment =
                    Environment.empty().with("ODD", ODD).with("EMPTY", "").with("LC_ALL", locale);
            assertThat(run(environment, "", "", "", "", "plain", ODD)).isEqualTo(new Ending.Exited(7));
            assertThat(Octets.text(out.toByteArray()))
                    .isEqualTo("arguments [, plain, " + ODD + "]\nODD=" + ODD + "\nEMPTY set\nin "
                            + directory.toRealPath() + "\nmessage \nenvelope \n");
        }
    }

    @Test
    void theEnvelopeIsReadFromDescriptorOneAndSixIsWritten() throws Exception {
        run(Environment.empty().with("ODD", "").with("EMPTY", ""), "text", "Fann\0", "6");
        assertThat(Octets.text(six.toByteArray())).endsWith("message text\nenvelope Fann\0\n");
    }

    @Test
    void exitCodesAreToldEvenToAServerThatWasStartedWithoutCaringForChildren() throws Exception {
        List<String> command =
                List.of("-c", "trap '' CHLD; exec \"$@\"", "sh", JAVA, NATIVE, "-cp", CLASSES, Parent.class.getName());
        Descriptors descriptors = Descriptors.none().with(2, out);
        Ending ending = commands.run(new Call("/bin/sh", command, Environment.empty(), descriptors, directory));
        assertThat(Octets.text(out.toByteArray())).isEmpty();
        assertThat(ending).isEqualTo(new Ending.Exited(5));
    }

    private Ending run(Environment environment, String message, String envelope, String fds, String... arguments)
            throws Exception {
        List<String> command =
                new ArrayList<>(List.of(NATIVE, "-Dtawny.fds=" + fds, "-cp", CLASSES, Teller.class.getName()));
        command.addAll(List.of(arguments));
        Descriptors descriptors = Descriptors.none().with(0, new ByteArrayInputStream(Octets.of(message)));
        descriptors = fds.isEmpty()
                ? descriptors.with(1, out)
                : descriptors
                        .with(1, new ByteArrayInputStream(Octets.of(envelope)))
                        .with(6, six);
        return commands.run(new Call(JAVA, command, environment, descriptors, directory));
    }

    /** What the JVM runs. */
    static final class Teller {

        public static void main(String[] arguments) {
            System.exit(OwnProgram.run(Teller::tell, OwnProcess.call("teller", arguments)));
        }

        private static int tell(Call call) throws IOException {
            boolean hasSix = call.descriptors().isWritable(6);
            String seen = "arguments " + call.arguments() + "\nODD="
                    + call.environment().get("ODD").orElse("unset") + "\nEMPTY "
                    + (call.environment().isSet("EMPTY") ? "set" : "unset") + "\nin " + call.directory() + "\nmessage "
                    + Octets.text(call.stdin().readAllBytes()) + "\nenvelope "
                    + (hasSix ? Octets.text(call.descriptors().in(1).readAllBytes()) : "") + "\n";
            call.descriptors().out(hasSix ? 6 : 1).write(Octets.of(seen));
            return call.pid() == ProcessHandle.current().pid() ? 7 : 8;
        }
    }

    /** A process with a child that ends with 5. */
    static final class Parent {
        public static void main(String[] arguments) throws IOException {
            Commands commands = new ProgramCommands(new NoPrograms(), Path.of("/nonexistent"));
            Call child =
                    new Call("/bin/sh", List.of("-c", "exit 5"), Environment.empty(), Descriptors.none(), Path.of("/"));
            System.exit(commands.run(child) instanceof Ending.Exited(int code) ? code : 99);
        }
    }

    private static final class NoPrograms implements ProgramTable {
        @Override
        public Optional<Program> find(String name) {
            return Optional.empty();
        }

        @Override
        public Set<String> names() {
            return Set.of();
        }
    }
}
