package org.tawnymail.base.control;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tawnymail.base.Octets;

/**
 * Keys and values of a control file; keys ignore the case of A to Z, and of two lines with one key the last counts (core
 * spec, section 12.1). Immutable.
 */
public final class ControlMap {

    private final Map<String, String> values;

    private ControlMap(Map<String, String> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    public static ControlMap empty() {
        return new ControlMap(Map.of());
    }

    /** These keys, each with an empty value. */
    public static ControlMap ofKeys(List<String> entries) {
        Map<String, String> values = new HashMap<>();
        entries.forEach(entry -> values.put(Octets.lowerCase(entry), ""));
        return new ControlMap(values);
    }

    static ControlMap ofLines(List<String> entries) {
        Map<String, String> values = new HashMap<>();
        for (String entry : entries) {
            int colon = entry.indexOf(':');
            if (colon >= 0) {
                values.put(Octets.lowerCase(entry.substring(0, colon)), entry.substring(colon + 1));
            }
        }
        return new ControlMap(values);
    }

    public boolean contains(String key) {
        return values.containsKey(Octets.lowerCase(key));
    }

    /** The value of exactly this key. */
    public Optional<String> get(String key) {
        return Optional.ofNullable(values.get(Octets.lowerCase(key)));
    }

    /**
     * The value for a domain: that of the domain itself, else of its longest suffix that begins with a dot and is a key
     * (core spec, section 12.3). {@code corp.example} does not cover {@code a.corp.example}; {@code .corp.example} does.
     */
    public Optional<String> forDomain(String domain) {
        Optional<String> exact = get(domain);
        int dot = domain.indexOf('.');
        while (exact.isEmpty() && dot >= 0) {
            exact = get(domain.substring(dot));
            dot = domain.indexOf('.', dot + 1);
        }
        return exact;
    }
}
