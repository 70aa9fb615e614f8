package org.tawnymail.base.program;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The environment variables of one call. Immutable; names and values are ISO-8859-1 text without NUL.
 *
 * <p>A variable that is set to the empty string is set: qmail tells the two apart ({@code RELAYCLIENT}).
 */
public final class Environment {

    private static final Environment EMPTY = new Environment(Map.of());

    private final Map<String, String> variables;

    private Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    public static Environment empty() {
        return EMPTY;
    }

    public static Environment of(Map<String, String> variables) {
        return new Environment(new TreeMap<>(variables));
    }

    /** The value of a variable, or nothing if it is not set. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    public boolean isSet(String name) {
        return variables.containsKey(name);
    }

    /** The value of the first of these variables that is set, even if it is set to the empty string. */
    public Optional<String> firstOf(String... names) {
        for (String name : names) {
            String value = variables.get(name);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    public Environment with(String name, String value) {
        return with(Map.of(name, value));
    }

    public Environment with(Map<String, String> changes) {
        Map<String, String> changed = new TreeMap<>(variables);
        changed.putAll(changes);
        return new Environment(changed);
    }

    public Environment without(String... names) {
        Map<String, String> changed = new TreeMap<>(variables);
        for (String name : names) {
            changed.remove(name);
        }
        return new Environment(changed);
    }

    /** All variables, in order of name; cannot be changed. */
    public Map<String, String> variables() {
        return Collections.unmodifiableMap(variables);
    }
}
