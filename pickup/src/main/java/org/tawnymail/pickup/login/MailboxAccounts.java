package org.tawnymail.pickup.login;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.tawnymail.base.Octets;
import org.tawnymail.base.address.MailAddress;
import org.tawnymail.base.control.Home;

/**
 * The accounts of the mail system's own, in the file {@code users/mailboxes}: one account a line.
 *
 * <pre>
 *   LOGIN         : PASSWORD                           : DIRECTORY
 *   kim@corp.test : $pbkdf2-sha256$100000$SALT$HASH    : mailboxes/kim        (without the blanks)
 * </pre>
 *
 * LOGIN is {@code NAME@DOMAIN}; A to Z count as a to z. PASSWORD is a {@link Pbkdf2Hash}; anything else, such as
 * {@code !} or nothing, locks the account. DIRECTORY is the mailbox's home, in which its Maildir stands; a relative one
 * begins at the mail system's home. Fields that follow are for later; they are kept. Empty lines and lines that begin with
 * {@code #} are comments. The first line of a login counts.
 *
 * <p>A check reads the file from its start, so a change counts from the next login on. Nothing is remembered of a
 * successful one: a client that asks for mail every minute costs 35 ms of one processor a minute, and a cache of passwords
 * would be one more place to steal them from.
 *
 * <p>Safe for use by many threads, and by many processes.
 */
public final class MailboxAccounts {

    /** The file's name below {@link Home#users}. */
    public static final String FILE = "mailboxes";

    /** Login and password together with the timestamp must fit the 512 octets of descriptor 3. */
    static final int LONGEST_LOGIN = 150;

    static final int LONGEST_PASSWORD = 150;

    private static final int FIELDS = 3;

    private final Path home;
    private final Path file;
    private final RandomGenerator random;

    /**
     * @param home the mail system's home
     * @param random where salts come from: a {@link java.security.SecureRandom}
     */
    public MailboxAccounts(Home home, RandomGenerator random) {
        this.home = home.path();
        this.file = home.users().resolve(FILE);
        this.random = random;
    }

    /** A change of the accounts that cannot be made; the message says why, in words for a person. */
    public static final class NotPossible extends Exception {
        NotPossible(String why) {
            super(why);
        }

        /** Why, without the line's end. */
        public String why() {
            return String.valueOf(getMessage());
        }
    }

    /** The accounts file. */
    public Path file() {
        return file;
    }

    /**
     * Adds an account.
     *
     * @param login {@code NAME@DOMAIN}
     * @param password octets; stored as a hash only
     * @param directory the mailbox's home, absolute or below the mail system's home
     * @throws NotPossible if there is such an account, or if one of the three cannot stand in the file
     */
    public void add(String login, String password, String directory) throws NotPossible, IOException {
        check(login);
        if (directory.isEmpty() || hasControlsOr(directory, ':')) {
            throw new NotPossible("directories of mailboxes are not empty and hold no colon: " + directory);
        }
        String line = login + ":" + hash(password) + ":" + directory;
        new AccountsFile(file).rewrite(lines -> {
            if (indexOf(login, lines) >= 0) {
                throw new NotPossible("there is a mailbox " + login + " already");
            }
            lines.add(line);
        });
    }

    /**
     * Gives an account a new password.
     *
     * @throws NotPossible if there is no such account, or if the password is empty or too long
     */
    public void setPassword(String login, String password) throws NotPossible, IOException {
        check(login);
        String hash = hash(password);
        new AccountsFile(file).rewrite(lines -> {
            int index = indexOf(login, lines);
            if (index < 0) {
                throw new NotPossible("there is no mailbox " + login + " in " + file);
            }
            String[] fields = lines.get(index).split(":", FIELDS);
            lines.set(index, fields[0] + ":" + hash + ":" + fields[2]);
        });
    }

    /**
     * The account that a person who logs in means: {@code NAME@DOMAIN}, or a bare NAME if it is that of the default
     * domain or of one account only.
     *
     * @throws IOException if the file cannot be read or does not exist
     */
    Optional<Mailbox> find(String login, Optional<String> defaultDomain) throws IOException {
        String wanted = Octets.lowerCase(login);
        boolean bare = wanted.indexOf('@') < 0;
        String preferred = bare ? wanted + "@" + Octets.lowerCase(defaultDomain.orElse("")) : wanted;
        Optional<Mailbox> only = Optional.empty();
        int candidates = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<String> name = login(line);
                if (name.isEmpty()) {
                    continue;
                }
                if (name.get().equals(preferred)) {
                    return Optional.of(mailbox(line));
                }
                if (bare && MailAddress.of(name.get()).local().equals(wanted)) {
                    only = Optional.of(mailbox(line));
                    candidates++;
                }
            }
        }
        return candidates == 1 ? only : Optional.empty();
    }

    private Mailbox mailbox(String line) {
        String[] fields = line.split(":", FIELDS + 1);
        String directory = fields[2].startsWith("/") ? fields[2] : Octets.fileName(home) + "/" + fields[2];
        return new Mailbox(fields[0], fields[1], directory);
    }

    private static int indexOf(String login, List<String> lines) {
        String wanted = Octets.lowerCase(login);
        for (int i = 0; i < lines.size(); i++) {
            if (login(lines.get(i)).filter(wanted::equals).isPresent()) {
                return i;
            }
        }
        return -1;
    }

    /** The login of a line in lower case, or nothing if the line is a comment or no account. */
    private static Optional<String> login(String line) {
        int first = line.indexOf(':');
        int second = line.indexOf(':', first + 1);
        boolean isAccount = first > 0 && second > 0 && second < line.length() - 1 && line.charAt(0) != '#';
        return isAccount ? Optional.of(Octets.lowerCase(line.substring(0, first))) : Optional.empty();
    }

    private String hash(String password) throws NotPossible {
        if (password.isEmpty() || password.length() > LONGEST_PASSWORD || hasControlsOr(password, '\0')) {
            throw new NotPossible(
                    "passwords are 1 to " + LONGEST_PASSWORD + " octets long and hold no control characters");
        }
        return Pbkdf2Hash.of(password, random).text();
    }

    private static void check(String login) throws NotPossible {
        int at = login.lastIndexOf('@');
        boolean wellFormed = at > 0
                && at < login.length() - 1
                && login.length() <= LONGEST_LOGIN
                && login.charAt(0) != '#'
                && login.indexOf(' ') < 0
                && login.indexOf('/') < 0
                && !hasControlsOr(login, ':');
        if (!wellFormed) {
            throw new NotPossible("mailboxes are named NAME@DOMAIN, at most " + LONGEST_LOGIN
                    + " octets without blanks, colons and slashes: " + login);
        }
    }

    private static boolean hasControlsOr(String text, char forbidden) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f || c > 0xff || c == forbidden) {
                return true;
            }
        }
        return false;
    }
}
