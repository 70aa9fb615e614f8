package org.tawnymail.pickup.login;

/**
 * An account of the mail system's own.
 *
 * @param login {@code NAME@DOMAIN} as the file writes it
 * @param storedPassword the hash; anything that is no hash locks the account
 * @param home the name of its directory, absolute, octets: the Maildir stands in it
 */
record Mailbox(String login, String storedPassword, String home) {

    /** Keeps the hash out of whatever prints this. */
    @Override
    public String toString() {
        return "mailbox " + login + " in " + home;
    }
}
