package org.tawnymail.base.posix;

import java.util.List;

/**
 * Who acts: a user id, a group id and the supplementary groups.
 *
 * @param uid the user id
 * @param gid the group id
 * @param groups all supplementary groups; qmail sets exactly {@code [gid]} for a delivery (core spec, section 5.2)
 */
public record Identity(int uid, int gid, List<Integer> groups) {

    public Identity {
        groups = List.copyOf(groups);
    }

    /** A user with one group and no others. */
    public Identity(int uid, int gid) {
        this(uid, gid, List.of(gid));
    }
}
