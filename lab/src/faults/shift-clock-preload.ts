import { readEnvironment } from '../environment.ts';

// Preloaded into a process whose clock is to be off. Its timers and performance.now() are not: those do not follow the clock of the wall.
const offMs = Number(readEnvironment()['SHIFT_CLOCK_MS']);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...given: [] | ConstructorParameters<typeof RealDate>) {
    if (given.length === 0) super(RealDate.now() + offMs);
    else super(...given);
  }

  static override now(): number {
    return RealDate.now() + offMs;
  }
} as DateConstructor;
