/** What is remembered of those who held a partition and died, in the metadata of its committed offset. Kept by the broker, so it outlives every consumer. */
export interface DeathMarks {
  /** Owners in a row that died with unhandled records at `diedAt`. */
  deaths: number;
  diedAt: number;
  /** How many of them while they tried the record at `trying` alone. */
  suspicions: number;
  trying?: number;
}

/** Metadata of a partition that was given back in order. */
export const GIVEN_BACK = '';

export function encodeMarks(marks: DeathMarks): string {
  return JSON.stringify(marks);
}

/** The marks of whoever takes a partition whose next record is at `offset`: an owner that did not give it back died, as far as anybody can tell. */
export function marksOfTaker(offset: number, metadata: string | null): DeathMarks {
  const before = decodeMarks(metadata);
  if (before === undefined) return { deaths: 0, diedAt: offset, suspicions: 0 };
  return {
    deaths: before.diedAt === offset ? before.deaths + 1 : 1,
    diedAt: offset,
    suspicions: before.trying === offset ? before.suspicions + 1 : 0,
  };
}

function decodeMarks(metadata: string | null): DeathMarks | undefined {
  if (metadata === null || metadata === GIVEN_BACK) return undefined;
  try {
    const value = JSON.parse(metadata) as Partial<DeathMarks> | null;
    const { deaths, diedAt, suspicions, trying } = value ?? {};
    if (typeof deaths !== 'number' || typeof diedAt !== 'number' || typeof suspicions !== 'number') return undefined;
    return { deaths, diedAt, suspicions, ...(typeof trying === 'number' && { trying }) };
  } catch {
    // Another client's metadata says nothing about deaths.
    return undefined;
  }
}
