/** After so many deaths in a row of those who handled it a message is under suspicion: it is handled apart from most others, to find the one that kills. */
export const SUSPECT_DEATHS = 2;

/**
 * After so many it is guilty, and parked: at least three died while it was the only such message. Twice may be chance: who is killed soon after each start
 * dies with whatever comes alone first.
 */
export const GUILTY_DEATHS = 6;
