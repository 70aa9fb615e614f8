package org.tawnymail.assembly;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tawnymail.assembly.check.ConfigurationCheck;
import org.tawnymail.base.control.Home;
import org.tawnymail.base.program.Call;
import org.tawnymail.base.program.Complaint;
import org.tawnymail.base.program.ExitCode;

/**
 * The options of {@code serve}. Long names, because a person types them: {@code --name value} or {@code --name=value}.
 *
 * @param home the home directory
 * @param homeGiven whether somebody chose it, so that it must not be replaced by another
 * @param address the address that both listeners are bound to
 * @param smtpPort the SMTP port; 0 lets the system choose
 * @param pop3Port the POP3 port; 0 lets the system choose
 * @param user the account to become when started by root
 * @param domain the domain of a home that is made at the first run
 * @param mailbox the local part of its first mailbox
 */
record ServeOptions(
        Path home,
        boolean homeGiven,
        InetAddress address,
        int smtpPort,
        int pop3Port,
        Optional<String> user,
        String domain,
        String mailbox) {

    static final String USAGE = """
            usage: tawny serve [--home DIR] [--address IP] [--smtp-port N] [--pop3-port N] [--user NAME]
                               [--domain NAME] [--mailbox NAME]

            Runs a whole mail server in the foreground until Ctrl-C (or SIGTERM).

              --home DIR      where everything is kept; made at the first run      (./var, or $TAWNY_HOME)
              --address IP    the address to listen on                             (127.0.0.1)
              --smtp-port N   the SMTP port; 0 lets the system choose              (2525)
              --pop3-port N   the POP3 port; 0 lets the system choose              (2110)
              --user NAME     the account to become when started by root           (the home's owner, else nobody)
              --domain NAME   at the first run: the mail domain                    (tawny.test)
              --mailbox NAME  at the first run: the first mailbox                  (you)
            """;

    private static final int LARGEST_PORT = 65_535;
    private static final String MAILBOX_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
    private static final List<String> NAMES =
            List.of("home", "address", "smtp-port", "pop3-port", "user", "domain", "mailbox");

    static ServeOptions parse(Call call) throws Complaint {
        Map<String, String> given = new HashMap<>();
        List<String> arguments = call.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (!name.startsWith("--") || !NAMES.contains(name.substring(2))) {
                throw wrong("unknown option " + argument + " (tawny serve --help lists them)");
            }
            if (equals < 0 && i + 1 == arguments.size()) {
                throw wrong("option " + argument + " needs a value");
            }
            given.put(name.substring(2), equals < 0 ? arguments.get(++i) : argument.substring(equals + 1));
        }
        boolean homeGiven = given.containsKey("home");
        Path home = homeGiven
                ? call.path(given.getOrDefault("home", "")).normalize()
                : Home.of(call.environment()).path();
        return new ServeOptions(
                home,
                homeGiven,
                address(given.getOrDefault("address", "127.0.0.1")),
                port("smtp-port", given.getOrDefault("smtp-port", "2525")),
                port("pop3-port", given.getOrDefault("pop3-port", "2110")),
                Optional.ofNullable(given.get("user")),
                hostName(given.getOrDefault("domain", "tawny.test")),
                mailboxName(given.getOrDefault("mailbox", "you")));
    }

    private static InetAddress address(String text) throws Complaint {
        try {
            // A literal only: a name would be looked up, and the answer may change under a running server.
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException notAnAddress) {
            throw wrong("--address wants an IP address such as 127.0.0.1, not " + text);
        }
    }

    private static int port(String option, String text) throws Complaint {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : LARGEST_PORT + 1;
        if (port > LARGEST_PORT) {
            throw wrong("--" + option + " wants a number from 0 to " + LARGEST_PORT + ", not " + text);
        }
        return port;
    }

    private static String hostName(String text) throws Complaint {
        if (!ConfigurationCheck.isHostName(text)) {
            throw wrong("--domain wants a domain name such as corp.example, not " + text);
        }
        return text;
    }

    private static String mailboxName(String text) throws Complaint {
        boolean plain = !text.isEmpty()
                && text.length() <= 31
                && text.chars().allMatch(c -> MAILBOX_LETTERS.indexOf(c) >= 0)
                && text.charAt(0) != '.'
                && text.charAt(0) != '-';
        if (!plain) {
            throw wrong("--mailbox wants at most 31 of a-z, 0-9, dot, hyphen and underscore, not " + text);
        }
        return text;
    }

    private static Complaint wrong(String text) {
        return new Complaint(ExitCode.PERMANENT, "tawny: fatal: " + text);
    }
}
