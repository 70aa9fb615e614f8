package org.tawnymail.tcp.lookup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/**
 * What a short name may mean here: the search line (or that of the one domain) in {@code resolv.conf}, the later one of several.
 * A name with a dot is tried as it is first, one without a dot last; one that ends with a dot means only itself.
 *
 * @param domains what may be missing at the end of a name
 */
public record SearchList(List<String> domains) {

    /** As many as the C library looks at by default. */
    private static final int MOST_DOMAINS = 6;

    public SearchList {
        domains = List.copyOf(domains);
    }

    /** @param resolvConf a file that cannot be read counts as empty */
    public static SearchList of(Path resolvConf) {
        List<String> domains = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(resolvConf, StandardCharsets.ISO_8859_1)) {
                StringTokenizer words = new StringTokenizer(line);
                String keyword = words.hasMoreTokens() ? words.nextToken() : "";
                if (keyword.equals("search") || keyword.equals("domain")) {
                    domains.clear();
                    while (words.hasMoreTokens() && domains.size() < MOST_DOMAINS) {
                        domains.add(words.nextToken());
                    }
                }
            }
        } catch (IOException unreadable) {
            // As for the servers: a host without the file has no list.
            return new SearchList(List.of());
        }
        return new SearchList(domains);
    }

    /** The names to ask for, in order. */
    List<String> candidates(String name) {
        List<String> candidates = new ArrayList<>();
        if (!name.endsWith(".")) {
            for (String domain : domains) {
                candidates.add(name + "." + domain);
            }
        }
        boolean first = name.indexOf('.') >= 0;
        candidates.add(first ? 0 : candidates.size(), name);
        return candidates;
    }
}
