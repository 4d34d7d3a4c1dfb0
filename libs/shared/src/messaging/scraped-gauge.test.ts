import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { registerScrapedGauge, type Sample } from './scraped-gauge.ts';

test('a source that does not answer, or rejects, leaves out its own figures alone', async () => {
  const registry = new Registry();
  const read: (() => Promise<readonly Sample[]>)[] = [
    () => Promise.resolve([[{ queue: 'espresso' }, 2]]),
    () => Promise.reject(new Error('away')),
    () => { throw new Error('closed'); },
    () => new Promise(() => undefined),
  ];
  const forgets = read.map((each) => registerScrapedGauge(registry, { name: 'depth', help: 'Depth.', labelNames: ['queue'], read: each, withinMs: 20 }));
  expect((await registry.metrics()).match(/^depth.*$/gm)).toEqual(['depth{queue="espresso"} 2']);
  for (const forget of forgets) forget();
  expect((await registry.metrics()).match(/^depth.*$/gm)).toBeNull();
});
