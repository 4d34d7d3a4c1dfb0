import type { LookupAddress } from 'node:dns';
import { expect, it } from 'vitest';
import { createRotatingLookup, type Resolve } from './rotating-lookup.ts';

const answering = (addresses: string[]): Resolve => (_hostname, _options, done) => done(null, addresses.map((address) => ({ address, family: 4 })));

function ask(lookup: ReturnType<typeof createRotatingLookup>): Promise<string[]> {
  return new Promise((resolve, reject) => {
    lookup('orders', { all: true }, (error, addresses) => (error === null ? resolve((addresses as LookupAddress[]).map(({ address }) => address)) : reject(error)));
  });
}

it('every look begins with the next address and has all of them, in whatever order they are told', async () => {
  const orders = [['10.0.0.1', '10.0.0.2', '10.0.0.3'], ['10.0.0.3', '10.0.0.1', '10.0.0.2'], ['10.0.0.2', '10.0.0.3', '10.0.0.1']];
  const lookup = createRotatingLookup((...asked) => answering(orders.shift() ?? [])(...asked));
  const answers = [await ask(lookup), await ask(lookup), await ask(lookup)];
  expect(new Set(answers.map(([first]) => first)).size).toBe(3);
  for (const answer of answers) expect(answer.toSorted()).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
});

it('a name that nobody knows is an error', async () => {
  const lookup = createRotatingLookup((_hostname, _options, done) => done(new Error('not found'), []));
  await expect(ask(lookup)).rejects.toThrow('not found');
});
