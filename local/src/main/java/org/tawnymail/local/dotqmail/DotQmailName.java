package org.tawnymail.local.dotqmail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tawnymail.base.Octets;

/**
 * A name that the {@code .qmail} file of an address may have (core spec, section 6.3).
 *
 * @param fileName its name in the home directory; it may hold slashes, never {@code ..}
 * @param defaulted what the variable {@code DEFAULT} is set to if this file governs the delivery; if nothing, the
 *     variable is not touched
 */
public record DotQmailName(String fileName, Optional<String> defaulted) {

    private static final String PREFIX = ".qmail";
    private static final String DEFAULT = "default";

    /**
     * The names to try, best first: the extension itself, then shorter and shorter parts of it that end with a hyphen,
     * each with {@code default}. Stepping goes by the hyphen whatever the dash is. An empty dash makes the last one
     * {@code .qmaildefault}.
     */
    public static List<DotQmailName> candidates(String dash, String ext) {
        String safe = safe(ext);
        List<DotQmailName> names = new ArrayList<>();
        Optional<String> exact =
                safe.endsWith(DEFAULT) ? Optional.of(ext.substring(ext.length() - DEFAULT.length())) : Optional.empty();
        names.add(new DotQmailName(PREFIX + dash + safe, exact));
        for (int i = safe.length(); i >= 0; i--) {
            if (i == 0 || safe.charAt(i - 1) == '-') {
                names.add(new DotQmailName(
                        PREFIX + dash + safe.substring(0, i) + DEFAULT, Optional.of(ext.substring(i))));
            }
        }
        return names;
    }

    /** The file whose existence makes forwarded mail of this address bounce to its owner (core spec, section 6.6). */
    public static String owner(String dash, String ext) {
        return PREFIX + dash + safe(ext) + "-owner";
    }

    /** The file that, beside {@link #owner}, makes the owner's address one for each recipient. */
    public static String ownerDefault(String dash, String ext) {
        return owner(dash, ext) + "-default";
    }

    /** Lower case, and no dots: an extension cannot name {@code ..}. */
    private static String safe(String ext) {
        return Octets.lowerCase(ext).replace('.', ':');
    }
}
