package org.tawnymail.send.schedule;

/**
 * What the schedule of a channel may cost: numbers that trade memory and time for how far it looks. Nothing is lost at any of
 * them.
 *
 * @param held so many recipients are in memory, in all; beyond that each letter is read anew for each delivery
 * @param page how many of one letter
 * @param wide how many of one letter whose recipients may share transactions: the more, the more are found who can
 * @param sifted how many are read at a time where most are passed over
 * @param letters how many letters to several are under way, how many walks wait for slow keys, and how many for others: more
 *     letters wait as numbers, and of walks that would have to wait the rest is left for the next pass
 * @param aside how many keys of one letter have a walk of their own: each costs another reading of its recipients
 * @param lookedAt how many candidates are looked at in one turn, before anything else is
 */
record ScheduleBounds(int held, int page, int wide, int sifted, int letters, int aside, int lookedAt) {

    static final ScheduleBounds USUAL = new ScheduleBounds(65_536, 32, 16_384, 1024, 10_000, 256, 32);
}
