import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = ['libs/*/src/**/*.ts', 'services/*/src/**/*.ts', 'lab/src/**/*.ts'];
const LONGEST_MAIN = 50;
const NINE_IN_TEN = 150;
const VAGUE = /^(.*-)?(utils?|helpers?|common|managers?|misc)$/;

const files = globSync(SOURCES, { cwd: ROOT }).filter((path) => !path.endsWith('.test.ts') && !path.includes('node_modules'));
const sizes: readonly Sized[] = files.map((path) => ({ path, lines: readFileSync(join(ROOT, path), 'utf8').trimEnd().split('\n').length }));

interface Sized {
  path: string;
  lines: number;
}

/** Which of the files are too long; for the limit of all files only when nine in ten do not keep it. */
function tooLong(all: readonly Sized[]): string[] {
  const mains = all.filter(({ path, lines }) => path.startsWith('services/') && path.endsWith('/main.ts') && lines > LONGEST_MAIN);
  const long = all.filter(({ lines }) => lines > NINE_IN_TEN);
  return [...mains, ...(long.length >= all.length - Math.floor(all.length * 0.9) ? long : [])].map(({ path }) => path);
}

function vaguelyNamed(paths: readonly string[]): string[] {
  return paths.filter((path) => path.replace(/\.ts$/, '').split('/').some((part) => VAGUE.test(part)));
}

test('when all files are measured, then nine in ten have at most 150 lines, and every main file at most 50', () => {
  expect(files.length).toBeGreaterThan(150);
  expect(files.filter((path) => path.endsWith('/main.ts') && path.startsWith('services/')).length).toBeGreaterThan(3);
  expect(tooLong(sizes)).toEqual([]);
});

test('when two files in ten are too long, or one main file is, then each is named', () => {
  const short = Array.from({ length: 9 }, (_, index) => ({ path: `lab/src/${index}.ts`, lines: NINE_IN_TEN }));
  const long = ['libs/shared/src/a.ts', 'services/orders/src/b.ts'].map((path) => ({ path, lines: NINE_IN_TEN + 1 }));
  expect(tooLong([...short, ...long])).toEqual(long.map(({ path }) => path));
  expect(tooLong([...short, { path: 'services/orders/src/main.ts', lines: LONGEST_MAIN + 1 }])).toEqual(['services/orders/src/main.ts']);
  expect(tooLong([...short, { path: 'services/orders/src/main.ts', lines: LONGEST_MAIN }, ...long.slice(0, 1)])).toEqual([]);
});

test('when names are read, then no file or folder is named after nothing in particular', () => {
  expect(vaguelyNamed(files)).toEqual([]);
});

test.each(['lab/src/utils.ts', 'lab/src/helper/a.ts', 'services/orders/src/order-manager.ts', 'libs/common/src/a.ts', 'libs/shared/src/http/http-utils/a.ts', 'lab/src/misc.ts'])(
  'when a file is called %s, then it is named',
  (path) => {
    expect(vaguelyNamed([path, 'lab/src/commonplace.ts'])).toEqual([path]);
  },
);
