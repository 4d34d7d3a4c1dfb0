import { expect, test } from 'vitest';
import { commandOf } from './report-commands.ts';
import { requestsOf } from './run-comparison.ts';

test('when a brew is named twice, then each has a name of its own: it is compared with itself', () => {
  expect(requestsOf(['monolith', 'monolith', 'gateway+auth|orders+notifications', 'monolith'])).toEqual([
    { name: 'monolith', topology: 'monolith', messaging: 'fitting' },
    { name: 'monolith (2)', topology: 'monolith', messaging: 'fitting' },
    { name: 'gateway+auth | orders+notifications', topology: 'gateway+auth | orders+notifications', messaging: 'fitting' },
    { name: 'monolith (3)', topology: 'monolith', messaging: 'fitting' },
  ]);
});

test.each([
  [{ topologies: ['monolith', 'microservices'], backends: 'embedded', form: 'standard', seed: 7 }, undefined, 'npx doubleshot compare --seed 7'],
  [{ topologies: ['monolith', 'microservices'], backends: 'containers', form: 'full', seed: 7 }, ['dial'], 'npx doubleshot compare --backends containers --full --only dial --seed 7'],
  [{ topologies: ['monolith', 'microservices'], backends: 'embedded', form: 'quick', seed: 7 }, ['changes', 'isolation'], 'npx doubleshot compare --quick --only changes,isolation --seed 7'],
  [{ topologies: ['monolith', 'monolith'], backends: 'embedded', form: 'quick', seed: 1, noise: 0.5, prices: 'my prices.json' }, undefined, 'npx doubleshot compare --topology "monolith" --topology "monolith" --quick --seed 1 --prices "my prices.json" --noise 0.5'],
] as const)('when %j was asked for (sections: %s), then the command repeats it', (asked, only, command) => {
  expect(commandOf(asked, only)).toBe(command);
});
