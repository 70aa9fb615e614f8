package org.tawnymail.local.users;

import org.tawnymail.base.posix.Identity;

/**
 * Whose mail an address is, and which of the user's {@code .qmail} files governs it: {@code HOME/.qmailDASHEXT}.
 *
 * @param name the account
 * @param uid its user id; as large as unsigned 32 bits can be
 * @param gid its group id
 * @param home its home directory
 * @param dash what stands between {@code .qmail} and the extension
 * @param ext the extension, in the address's own letter case
 */
public record LocalUser(String name, int uid, int gid, String home, String dash, String ext) {

    /** Who a delivery is made as: the user, the one group, no others. */
    public Identity identity() {
        return new Identity(uid, gid);
    }

    /** Six fields, each ended by a NUL: how qmail-getpw and users/cdb write it. */
    String encoded() {
        return name + "\0" + Integer.toUnsignedString(uid) + "\0" + Integer.toUnsignedString(gid) + "\0" + home + "\0"
                + dash + "\0" + ext + "\0";
    }

    /**
     * Reads six fields, each ended by a NUL; what follows is ignored.
     *
     * @throws LookupFailure if there are fewer
     */
    static LocalUser decode(String fields) throws LookupFailure {
        String[] field = new String[6];
        int start = 0;
        for (int i = 0; i < field.length; i++) {
            int end = fields.indexOf('\0', start);
            if (end < 0) {
                throw new LookupFailure(LspawnReport.BUG, "an assignment has " + i + " of " + field.length + " fields");
            }
            field[i] = fields.substring(start, end);
            start = end + 1;
        }
        return new LocalUser(field[0], id(field[1]), id(field[2]), field[3], field[4], field[5]);
    }

    /** Leading digits; without any it is 0, and as which nothing is delivered. */
    private static int id(String digits) {
        int id = 0;
        for (int i = 0; i < digits.length() && digits.charAt(i) >= '0' && digits.charAt(i) <= '9'; i++) {
            id = 10 * id + digits.charAt(i) - '0';
        }
        return id;
    }
}
