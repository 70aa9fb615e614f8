package org.tawnymail.base.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tawnymail.base.Octets;
import org.tawnymail.base.posix.OpenFileInput;
import org.tawnymail.base.posix.OpenFileOutput;
import org.tawnymail.base.posix.ThisProcess;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Descriptors;
import org.tawnymail.base.program.Environment;

/**
 * What the operating system gave this process: the only place that looks at it.
 *
 * <p>The JDK decodes arguments and environment with the locale's character set and loses octets; here they are read from
 * {@code /proc}, where they still are what they were.
 */
public final class OwnProcess {

    /** The system property in which the launcher names the open descriptors above 2, such as {@code 3,6,7}. */
    public static final String DESCRIPTORS_PROPERTY = "tawny.fds";

    /** The system property that names a variable which the launcher has set for the JVM alone. */
    static final String OWN_VARIABLE_PROPERTY = "tawny.own";

    private static final Path PROC = Path.of("/proc/self");

    /**
     * The call that this process is.
     *
     * @param name the name that the program was called by
     * @param arguments what {@code main} was given and belongs to the program
     */
    public static Call call(String name, String[] arguments) {
        return new Call(name, arguments(arguments), environment(), descriptors(), directory(), ThisProcess.pid());
    }

    /**
     * The arguments as octets.
     *
     * @param decoded the last arguments of this process as {@code main} was given them
     */
    public static List<String> arguments(String[] decoded) {
        if (Arrays.stream(decoded).allMatch(OwnProcess::isCertain)) {
            return List.of(decoded);
        }
        String[] all = strings("cmdline");
        return all.length < decoded.length
                ? Arrays.stream(decoded).map(OwnProcess::encoded).toList()
                : List.of(Arrays.copyOfRange(all, all.length - decoded.length, all.length));
    }

    /**
     * The environment as octets, without what the launcher has added for itself. Of two variables with one name the first
     * counts, as for the C library.
     */
    public static Environment environment() {
        Map<String, String> variables = new HashMap<>();
        for (String entry : strings("environ")) {
            int equals = entry.indexOf('=', 1);
            if (equals > 0) {
                variables.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        if (variables.isEmpty()) {
            System.getenv().forEach((name, value) -> variables.put(encoded(name), encoded(value)));
        }
        variables.remove(System.getProperty(OWN_VARIABLE_PROPERTY, ""));
        return Environment.of(variables);
    }

    /**
     * Descriptors 0, 1, 2 and those that {@value #DESCRIPTORS_PROPERTY} names, each open both ways as far as we know: one
     * that is not fails when it is used.
     */
    public static Descriptors descriptors() {
        Descriptors descriptors = Descriptors.none();
        for (int number = 0; number <= 2; number++) {
            descriptors = withBothWays(descriptors, number);
        }
        for (String number : System.getProperty(DESCRIPTORS_PROPERTY, "").split(",", -1)) {
            if (!number.isBlank()) {
                descriptors = withBothWays(descriptors, Integer.parseInt(number.strip()));
            }
        }
        return descriptors;
    }

    /** The working directory. */
    public static Path directory() {
        return Path.of("").toAbsolutePath();
    }

    private static Descriptors withBothWays(Descriptors descriptors, int number) {
        OpenFileInput input = new OpenFileInput(number);
        return descriptors.with(number, input, OpenFileOutput.sameAs(input));
    }

    /** The NUL-terminated strings of a file below /proc/self; none where there is no such file. */
    private static String[] strings(String file) {
        try {
            String all = Octets.text(Files.readAllBytes(PROC.resolve(file)));
            return all.isEmpty()
                    ? new String[0]
                    : all.substring(0, all.length() - 1).split("\0", -1);
        } catch (IOException noProc) {
            return new String[0];
        }
    }

    /** Whether a decoded text surely is what it was: in the locale C the JDK makes a question mark of what it cannot read. */
    private static boolean isCertain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > '~' || text.charAt(i) == '?') {
                return false;
            }
        }
        return true;
    }

    private static String encoded(String text) {
        return Octets.text(text.getBytes(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"))));
    }

    private OwnProcess() {}
}
