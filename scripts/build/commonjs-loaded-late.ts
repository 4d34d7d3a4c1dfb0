import type { Metafile } from 'esbuild';

/** `import()` of files in CommonJS, as `from: to`. In a bundle that gives the default export and no names. */
export function commonJsLoadedLate({ inputs }: Metafile): readonly string[] {
  return Object.entries(inputs).flatMap(([from, { imports }]) => {
    const late = imports.filter(({ kind, path }) => kind === 'dynamic-import' && inputs[path]?.format === 'cjs');
    return late.map(({ path }) => `${from}: ${path}`);
  });
}
