import fc, { type Arbitrary } from 'fast-check';

/** Text that has broken programs before. */
const NASTY_TEXTS = [
  '', ' ', '\u0000', '\ud800', '\u202e', '﷽', 'null', 'undefined', 'NaN', '0x10', '1e400',
  "' OR 1=1 --", '{{7*7}}', '../../etc/passwd', '__proto__', 'constructor', '\r\nSet-Cookie: a=b', '😀'.repeat(40),
];
const NASTY_NUMBERS = [0, -0, -1, 0.1, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 1e21];
const NASTY_KEYS = ['__proto__', 'constructor', 'toString', '', 'a.b', '$where', 'id', 'role'];
const LONG_TEXT_LENGTH = 2_000;

const nastyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY_TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.constant('x'.repeat(LONG_TEXT_LENGTH)) },
);

/** Anything JSON can say, and some that it can say only just. */
export const wildValue: Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: nastyText },
  { weight: 2, arbitrary: fc.constantFrom(...NASTY_NUMBERS) },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null], { length: 3 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.integer({ min: 30, max: 400 }).map(nested) },
);

function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

/** A value with something wrong in it: a field of another type, one missing, one too many, or another value altogether. */
export function broken(valid: Arbitrary<unknown>): Arbitrary<unknown> {
  const change = fc.record({
    how: fc.constantFrom('replace', 'remove', 'add', 'descend', 'all'),
    at: fc.nat({ max: 20 }),
    wild: wildValue,
    key: fc.constantFrom(...NASTY_KEYS),
  });
  return fc.tuple(valid, change).map(([value, { how, at, wild, key }]) => breakValue(value, how, { at, wild, key }));
}

interface Damage {
  at: number;
  wild: unknown;
  key: string;
}

function breakValue(value: unknown, how: string, damage: Damage): unknown {
  if (how === 'all' || typeof value !== 'object' || value === null) return damage.wild;
  const entries = Object.entries(value);
  const index = entries.length === 0 ? 0 : damage.at % entries.length;
  const changed = entries.flatMap(([name, one], position): [string, unknown][] => {
    if (position !== index || how === 'add') return [[name, one]];
    if (how === 'remove') return [];
    return [[name, how === 'descend' ? breakValue(one, 'replace', damage) : damage.wild]];
  });
  if (how === 'add') changed.push([damage.key, damage.wild]);
  return Array.isArray(value) ? changed.map(([, one]) => one) : Object.fromEntries(changed);
}
