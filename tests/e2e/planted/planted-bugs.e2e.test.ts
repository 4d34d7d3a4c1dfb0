import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Column } from '../../../lab/src/audit/findings.ts';
import { runAudit, type AuditRun } from '../../../lab/src/audit/run-audit.ts';

const PROGRAM = join(import.meta.dirname, 'shop-with-a-bug.ts');
const ORDERS = 150;

/** The same checker, load and shop as in `doubleshot audit`; the program alone is another. */
function auditPlot(plot: string, options: { kills?: number } = {}): Promise<AuditRun> {
  const program = { folder: import.meta.dirname, arguments: [PROGRAM, plot] };
  return runAudit({
    topology: 'monolith',
    orders: ORDERS,
    rate: 60,
    customers: 5,
    seed: 11,
    killsPerProcess: options.kills ?? 0,
    retryUnknownShare: 1,
    drainDeadlineMs: 12_000,
    ledgerPath: join(tmpdir(), `doubleshot-${process.pid}-${plot}.jsonl`),
    shop: { programOf: () => program },
  });
}

/** What a shop that is not clean leaves behind for people is of no use here. */
async function forget({ ledgerPath, logFolder }: AuditRun): Promise<void> {
  await Promise.all([ledgerPath, logFolder].map((path) => rm(path, { recursive: true, force: true })));
}

describe('the checker, proved on planted bugs', () => {
  test.each<{ bug: string; trial: string; kills?: number; column: Column; meaning: string }>([
    { bug: 'ack-before-commit', trial: 'crash', kills: 2, column: 'lost', meaning: 'messages are acknowledged before their effect is committed' },
    { bug: 'no-inbox', trial: 'deliver-twice', column: 'duplicated', meaning: 'nothing remembers which messages were handled' },
    { bug: 'no-return-handler', trial: 'queue-late', column: 'lost', meaning: 'unroutable messages count as sent' },
    { bug: 'id-after-last-seen', trial: 'slow-commits', column: 'stuck', meaning: 'the relay asks for ids after the last it saw' },
  ])('when $meaning, then the ledger says $column; the real shop in the same trial is clean', async ({ bug, trial, kills, column }) => {
    const options = kills === undefined ? {} : { kills };
    const [broken, real] = await Promise.all([auditPlot(bug, options), auditPlot(trial, options)]);
    await forget(broken);
    expect(broken.counts[column], JSON.stringify(broken.findings.slice(0, 5))).toBeGreaterThan(0);
    expect(broken.clean).toBe(false);
    expect(real.findings.filter(({ column: found }) => found !== 'recovered' && found !== 'redelivered')).toEqual([]);
  });

  test('when stock is read, changed and written back, then the ledger says oversold', async () => {
    const broken = await auditPlot('non-atomic-stock');
    await forget(broken);
    expect(broken.counts.oversold).toBeGreaterThan(0);
  });
});
