package org.tawnymail.base.posix;

/**
 * One account of the system, as {@code /etc/passwd} and what stands beside it (NSS) know it. Text is ISO-8859-1, one
 * char an octet.
 *
 * @param passwordField the hash of the password, {@code x} where a shadow file holds it
 */
public record Account(String name, int uid, int gid, String home, String shell, String passwordField) {

    /** Who this account is when a program runs for it: its user and its main group alone. */
    public Identity identity() {
        return new Identity(uid, gid);
    }

    /** Keeps the hash out of logs and messages. */
    @Override
    public String toString() {
        return "account " + name + " (uid " + uid + ", gid " + gid + ")";
    }
}
