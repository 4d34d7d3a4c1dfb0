import { describe, expect, test } from 'vitest';
import { renderAudit } from '../../lab/src/audit/audit-table.ts';
import { killAtSteps } from '../../lab/src/faults/kill-at-steps.ts';
import { readEnvironment } from '../../lab/src/environment.ts';

const { STEP_KILLS, STEP_ORDERS, STEP_RATE, STEP_PASSES, STEP_SEED, STEP_DEADLINE_S } = readEnvironment();
/** Small unless told. */
const SIZE = {
  killsPerStep: Number(STEP_KILLS ?? 1),
  orders: Number(STEP_ORDERS ?? 300),
  rate: Number(STEP_RATE ?? 25),
  mostPasses: Number(STEP_PASSES ?? 15),
  deadlineMs: Number(STEP_DEADLINE_S ?? 400) * 1_000,
  customers: 20,
  ...(STEP_SEED === undefined ? {} : { seed: Number(STEP_SEED) }),
};

// The seed is chosen anew in every run and is printed: STEP_SEED repeats it.
describe('the ledger', () => {
  test.each(['monolith', 'microservices'] as const)(
    'when %s is killed at each of its steps, then no order is lost, done twice, unexpected, stuck or oversold',
    { timeout: SIZE.deadlineMs + 300_000 },
    async (topology) => {
      const run = await killAtSteps({ topology, ...SIZE });
      expect(run.clean, `${renderAudit(run)}\n${JSON.stringify(run.parked)}`).toBe(true);
      const kills = Object.values(run.killsByStep).flatMap((ofProcess) => Object.entries(ofProcess));
      expect(kills.length).toBeGreaterThan(15);
      expect(kills.filter(([, count]) => count < SIZE.killsPerStep), renderAudit(run)).toEqual([]);
      expect(run.load.outcomes.acknowledged).toBeGreaterThan(SIZE.orders / 4);
    },
  );
});
