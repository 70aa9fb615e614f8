package org.tawnymail.assembly.check;

import java.util.ArrayList;
import java.util.List;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/**
 * What {@code serve} looks at before it starts: the mistakes with which no mail can be handled rightly. qmail's reading rules
 * forgive nearly everything silently; a person who mistyped wants to hear it.
 */
public final class ConfigurationCheck {

    private static final int LONGEST_HOST_NAME = 255;
    private static final String LABEL_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    private final Home home;

    public ConfigurationCheck(Home home) {
        this.home = home;
    }

    /**
     * Reads every control file once, and the databases.
     *
     * @throws Complaint for the first mistake
     */
    public void run() throws Complaint {
        List<Finding> mistakes = new ArrayList<>();
        Findings findings = new Findings(finding -> {
            if (finding.weight() == Finding.Weight.STOPS_SERVE) {
                mistakes.add(finding);
            }
        });
        new ControlCheck(home, findings).run();
        Databases.check(home.users().resolve("cdb"), "make it again with bin/qmail-newu", findings);
        if (!mistakes.isEmpty()) {
            throw new Complaint(
                    ExitCode.PERMANENT, "tawny: fatal: " + mistakes.getFirst().sentence());
        }
    }

    /** A host name as mail uses it: labels of letters, digits, hyphens and underscores, joined by dots. */
    public static boolean isHostName(String text) {
        if (text.isEmpty() || text.length() > LONGEST_HOST_NAME || text.startsWith(".") || text.endsWith(".")) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = LABEL_LETTERS.indexOf(c) >= 0 || c > '~';
            boolean dot = c == '.' && text.charAt(i + 1) != '.';
            if (!plain && !dot) {
                return false;
            }
        }
        return true;
    }
}
