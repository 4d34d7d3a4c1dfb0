import { expect, test } from 'vitest';
import type { Manifest } from '../../deploy/k8s/manifest.ts';
import { FURTHER_PROBES, PROBES_ELSEWHERE } from './probes/further-probes.ts';
import { REFERENCE_PROBES } from './probes/reference-probes.ts';
import { WORKLOAD_PROBES } from './probes/workload-probes.ts';
import { rendering } from './renderings.ts';
import { RULES } from './rules/index.ts';

const PROBES = { ...WORKLOAD_PROBES, ...REFERENCE_PROBES };

function faultsOf(rule: string, objects: readonly Manifest[]): string[] {
  return RULES.find(({ name }) => name === rule)?.faults(objects) ?? [];
}

test('every rule has a probe, and every probe a rule', () => {
  expect(Object.keys(PROBES).toSorted()).toEqual(RULES.map(({ name }) => name).toSorted());
});

test.each(RULES.map(({ name }) => name))('the probe breaks the rule: %s', async (name) => {
  const objects = await rendering('everything');
  expect(faultsOf(name, objects)).toEqual([]);
  PROBES[name]?.(objects);
  expect(faultsOf(name, objects)).not.toEqual([]);
});

// Rules that say several things: each of them.
test.each(Object.entries(FURTHER_PROBES).flatMap(([rule, changes]) => Object.entries(changes).map(([what, change]) => [rule, what, change] as const)))('%s: %s breaks it, too', async (rule, _, change) => {
  const objects = await rendering('everything');
  change(objects);
  expect(faultsOf(rule, objects)).not.toEqual([]);
});

test.each(PROBES_ELSEWHERE.map(({ rendering: name, rule, what, change }) => [name, rule, what, change] as const))('in %s, %s: %s breaks it', async (name, rule, _, change) => {
  const objects = await rendering(name);
  expect(faultsOf(rule, objects)).toEqual([]);
  change(objects);
  expect(faultsOf(rule, objects)).not.toEqual([]);
});
