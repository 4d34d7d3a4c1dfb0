import type { Metafile } from 'esbuild';
import { expect, test } from 'vitest';
import { commonJsLoadedLate } from './commonjs-loaded-late.ts';

test('of what is loaded late, only what is in CommonJS is refused', () => {
  const file = (imports: { path: string; kind: 'dynamic-import' | 'import-statement' }[], format?: 'cjs' | 'esm'): Metafile['inputs'][string] => ({ bytes: 1, imports, ...(format && { format }) });
  const inputs = {
    'main.ts': file([{ path: 'part.ts', kind: 'dynamic-import' }, { path: 'driver/index.js', kind: 'dynamic-import' }, { path: 'express/index.js', kind: 'import-statement' }]),
    'part.ts': file([], 'esm'),
    'driver/index.js': file([], 'cjs'),
    'express/index.js': file([], 'cjs'),
  };
  expect(commonJsLoadedLate({ inputs, outputs: {} })).toEqual(['main.ts: driver/index.js']);
});
