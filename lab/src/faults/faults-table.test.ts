import { expect, test } from 'vitest';
import { renderFaultsPage } from './faults-page.ts';
import { renderFaults } from './faults-table.ts';
import { JOURNEYS, type Journey } from '../journeys/journey.ts';
import type { FaultResult } from './run-faults.ts';
import type { JourneyEffect } from '../journeys/timeline.ts';

const WORKS: JourneyEffect = { effect: 'works', attempts: 10, errorRate: 0, p99Ms: { before: 5, during: 6 }, recoveredAfterMs: 0, errors: {}, slowestErrorMs: 0 };
const FAILS: JourneyEffect = { ...WORKS, effect: 'fails', errorRate: 0.97, errors: { unavailable: 97 } };
const NONE = { lost: 0, duplicated: 0, unexpected: 0, stuck: 0, oversold: 0, recovered: 0, redelivered: 0 };
const RESULTS: FaultResult[] = [
  {
    ...{ topology: 'monolith', fault: 'F4', name: 'PostgreSQL killed', seed: 7, passed: false, clean: false, spent: true, recoveredAfterMs: 2_300, toldAgainAfterMs: 100, notes: ['3 held'], faults: ['"menu" went wrong: <oops>'] },
    journeys: Object.fromEntries(JOURNEYS.map((journey) => [journey, journey === 'order' ? FAILS : WORKS])) as Record<Journey, JourneyEffect>,
    findings: [{ column: 'lost', id: 'order-1', detail: 'acknowledged, but there is no such order' }],
    counts: { ...NONE, lost: 1 },
    load: { orders: 300, attempts: 320, outcomes: { acknowledged: 200, unknown: 90, refused: 10 } },
  },
  { topology: 'microservices', fault: 'F5', name: 'Kafka killed', seed: 7, passed: false, error: 'kafka is not healthy', logs: '/logs' },
];

test('the table has a row for each trial in each brew, with what was wrong below it', () => {
  const text = renderFaults(RESULTS);
  expect(text).toMatch(/^monolith .*menu +log in +order +look +told +recovers +ledger$/m);
  expect(text).toMatch(/^F4 +PostgreSQL killed +works +works +fails 97 % +works +works +2\.3 s +1 lost$/m);
  expect(text).toContain('! "menu" went wrong: <oops>');
  expect(text).toContain('! lost: order-1 acknowledged, but there is no such order');
  expect(text).toContain('! seed 7');
  expect(text).toMatch(/^F5 +Kafka killed +could not be run: kafka is not healthy$/m);
});

test('the page says the same, safely', () => {
  const page = renderFaultsPage({ backends: 'containers', seeds: [7], rate: 30, full: false, results: RESULTS, writtenAt: '2026-01-01T00:00:00Z', versions: { node: '24' }, command: 'npx doubleshot faults' });
  expect(page).toContain('2 of 2 trials did not pass');
  expect(page).toContain('<td class="fails">fails 97 %');
  expect(page).toContain('&lt;oops&gt;');
  expect(page).not.toContain('<oops>');
});
