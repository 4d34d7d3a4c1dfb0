import type { EventLoopBlocker } from '../../faults/event-loop-blocker.ts';
import type { MeasuredProcess } from '../method/measured-shop.ts';
import type { Blockers } from '../method/plant-blockers.ts';
import type { EmbeddedParts, OpenBrew } from '../open-brews.ts';

/** One way to break a brew, and to mend it. */
export interface Breakage {
  /** What breaks with it: the modules of a process, or a backend. */
  parts: readonly string[];
  fault: string;
  inflict(): Promise<void>;
  /** Resolves when what broke runs again. */
  mend(): Promise<void>;
}

interface BreakableBrew extends Pick<OpenBrew, 'shop'> {
  embedded?: Pick<EmbeddedParts, 'database'>;
}

const KILLED = 'killed';
const BLOCKED = 'event loop blocked';
const DOWN = 'down';
/** Longer than any trial. */
const FOR_EVER_MS = 3_600_000;

/** Every breakage of a brew on embedded parts: each process in two ways, and its database. */
export function breakagesOf({ shop, embedded }: BreakableBrew, blockers: Blockers): Breakage[] {
  return [
    ...shop.processes.map(killed),
    ...shop.processes.flatMap((process) => blocked(process, blockers.get(process.name))),
    ...(embedded === undefined ? [] : [{ parts: ['PostgreSQL'], fault: DOWN, inflict: () => embedded.database.crash(), mend: () => embedded.database.start() }]),
  ];
}

export function killed(process: MeasuredProcess): Breakage {
  return { parts: process.modules, fault: KILLED, inflict: () => process.kill('SIGKILL'), mend: () => process.restart() };
}

function blocked({ modules }: MeasuredProcess, blocker: EventLoopBlocker | undefined): Breakage[] {
  if (blocker === undefined) return [];
  return [{ parts: modules, fault: BLOCKED, inflict: () => blocker.block({ busyMs: FOR_EVER_MS, everyMs: FOR_EVER_MS }), mend: () => blocker.release() }];
}
