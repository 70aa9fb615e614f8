package org.tawnymail.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The options of one measurement: {@code --name value}, or {@code --name} alone for a flag. */
public final class BenchOptions {

    /** An option that cannot be understood; the message is a line for a person. */
    public static final class Wrong extends IllegalArgumentException {
        Wrong(String line) {
            super(line);
        }
    }

    private final Map<String, String> values = new HashMap<>();

    /**
     * @param arguments what follows the measurement's name
     * @param flags the options that take no value
     * @param names the options that take one
     */
    public BenchOptions(Iterable<String> arguments, Set<String> flags, Set<String> names) {
        String wanting = "";
        for (String argument : arguments) {
            if (!wanting.isEmpty()) {
                values.put(wanting, argument);
                wanting = "";
            } else if (argument.startsWith("--") && flags.contains(argument.substring(2))) {
                values.put(argument.substring(2), "");
            } else if (argument.startsWith("--") && names.contains(argument.substring(2))) {
                wanting = argument.substring(2);
            } else {
                throw new Wrong("unknown option: " + argument);
            }
        }
        if (!wanting.isEmpty()) {
            throw new Wrong("option without a value: --" + wanting);
        }
    }

    public boolean isSet(String flag) {
        return values.containsKey(flag);
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    public int number(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : parse(name, value);
    }

    /** The value of an option as a number. */
    public static int parse(String name, String value) {
        try {
            return Integer.parseInt(value.replace("_", ""));
        } catch (NumberFormatException noNumber) {
            throw new Wrong("not a number: --" + name + " " + value);
        }
    }
}
