import { expect, test } from 'vitest';
import { packageClosure } from './package-closure.ts';

test('a package comes with all it depends on, and one that is not installed is named', () => {
  const closure = packageClosure(['pg']);
  for (const name of ['pg', 'pg-pool', 'pg-protocol', 'postgres-array']) expect(closure.some((folder) => folder.endsWith(`node_modules/${name}`)), name).toBe(true);
  expect(closure.some((folder) => folder.includes('typescript'))).toBe(false);
  expect(() => packageClosure(['left-pad-of-nobody'])).toThrow('left-pad-of-nobody is not installed');
});
