import { describe, expect, test } from 'vitest';
import { planKeys, type KeyPolicy, type ScheduledKey } from './key-schedule.ts';

const MINUTE_MS = 60_000;
const TTL_MS = 15 * MINUTE_MS;
const policy: KeyPolicy = { algorithms: ['RS256'], rotationMs: 24 * 60 * MINUTE_MS, leadMs: 10 * MINUTE_MS };

function key(kid: string, signsFromMs: number, algorithm = 'RS256'): ScheduledKey {
  return { kid, algorithm, signsFromMs, tokenTtlMs: TTL_MS };
}

describe('planKeys', () => {
  test('without a key, one is made that signs at once', () => {
    expect(planKeys([], policy, 1_000)).toEqual({ signing: undefined, create: { algorithm: 'RS256', signsFromMs: 1_000 }, remove: [] });
  });

  test('a young key signs and nothing changes', () => {
    expect(planKeys([key('a', 0)], policy, MINUTE_MS)).toEqual({ signing: 'a', create: undefined, remove: [] });
  });

  test('a first key made a moment after the time that is asked for signs all the same', () => {
    expect(planKeys([key('a', 1_000)], policy, 999)).toEqual({ signing: 'a', create: undefined, remove: [] });
  });

  test('a lead before its time is over, the next key is made, and does not sign yet', () => {
    const nowMs = policy.rotationMs - policy.leadMs;
    expect(planKeys([key('a', 0)], policy, nowMs - 1).create).toBeUndefined();
    expect(planKeys([key('a', 0)], policy, nowMs)).toMatchObject({ signing: 'a', create: { signsFromMs: policy.rotationMs } });
  });

  test('while a key waits for its turn, no other is made', () => {
    expect(planKeys([key('a', 0), key('b', policy.rotationMs)], policy, policy.rotationMs - 1)).toEqual({ signing: 'a', create: undefined, remove: [] });
  });

  test('with a lead longer than the rotation, one key at a time waits', () => {
    const hasty = { ...policy, rotationMs: 1_000 };
    expect(planKeys([key('a', 0), key('b', 10_000)], hasty, 9_000).create).toBeUndefined();
  });

  test('another algorithm gets a key that is published before it signs', () => {
    const changed = { ...policy, algorithms: ['ES256', 'RS256'] };
    expect(planKeys([key('a', 0)], changed, MINUTE_MS)).toEqual({
      signing: 'a',
      create: { algorithm: 'ES256', signsFromMs: MINUTE_MS + policy.leadMs },
      remove: [],
    });
  });

  test('a key of an algorithm that is not accepted any more does not sign', () => {
    const changed = { ...policy, algorithms: ['ES256'] };
    expect(planKeys([key('a', 0)], changed, MINUTE_MS)).toMatchObject({ signing: undefined, create: { algorithm: 'ES256', signsFromMs: MINUTE_MS } });
  });

  test('a key that signs again after a return to its algorithm is kept', () => {
    expect(planKeys([key('a', 0), key('b', MINUTE_MS, 'ES256')], policy, 60 * MINUTE_MS)).toMatchObject({ signing: 'a', remove: [] });
  });

  test('without any algorithm it throws', () => {
    expect(() => planKeys([], { ...policy, algorithms: [] }, 0)).toThrow('no signing algorithm');
  });
});

test('over a month of daily rotations every key is published before it signs and until its last token has expired', () => {
  const stepMs = 5 * MINUTE_MS;
  const madeAtMs = new Map<string, number>();
  const lastSignedAtMs = new Map<string, number>();
  let keys: ScheduledKey[] = [];
  let mostAtOnce = 0;
  for (let nowMs = 0; nowMs < 31 * 24 * 60 * MINUTE_MS; nowMs += stepMs) {
    const plan = planKeys(keys, policy, nowMs);
    for (const kid of plan.remove) expect(nowMs).toBeGreaterThan((lastSignedAtMs.get(kid) ?? Infinity) + TTL_MS);
    keys = keys.filter(({ kid }) => !plan.remove.includes(kid));
    if (plan.create !== undefined) {
      const kid = `key-${madeAtMs.size}`;
      madeAtMs.set(kid, nowMs);
      keys = [...keys, key(kid, plan.create.signsFromMs)];
    }
    mostAtOnce = Math.max(mostAtOnce, keys.length);
    if (plan.signing !== undefined) {
      if (plan.signing !== 'key-0') expect(nowMs - (madeAtMs.get(plan.signing) ?? nowMs)).toBeGreaterThanOrEqual(policy.leadMs);
      lastSignedAtMs.set(plan.signing, nowMs);
    }
  }
  expect(lastSignedAtMs.size).toBe(31);
  expect(mostAtOnce).toBe(2);
});
