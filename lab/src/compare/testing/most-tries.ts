/** Machines do other things besides: what a pause does to one try it does not do to most. A judge that is wrong half of the time passes in one run of three. */
const TRIES = 6;
const MOST_FAILED = 2;

/** Tries until it is decided: at most two of six may have complaints. Answers those of each try that failed, if too many did; nothing otherwise. */
export async function complaintsOfMost(attempt: (index: number) => Promise<string[]>): Promise<string[][]> {
  const failed: string[][] = [];
  for (let index = 1; index <= TRIES; index += 1) {
    const complaints = await attempt(index);
    if (complaints.length > 0) failed.push(complaints);
    if (failed.length > MOST_FAILED) return failed;
    if (index - failed.length === TRIES - MOST_FAILED) break;
  }
  return [];
}
