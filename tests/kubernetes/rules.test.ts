import { describe, expect, test } from 'vitest';
import { RENDERINGS, rendering } from './renderings.ts';
import { RULES } from './rules/index.ts';
import { workloadsOf } from './workloads.ts';

describe.each(RENDERINGS)('%s', (name) => {
  test('renders, with every object once', async () => {
    const objects = await rendering(name);
    expect(workloadsOf(objects).length).toBeGreaterThan(4);
    const keys = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test.each(RULES.map((rule) => [rule.name, rule] as const))('%s', async (_, rule) => {
    expect(rule.faults(await rendering(name))).toEqual([]);
  });
});
