import { join } from 'node:path';
import { build, type Metafile, type OutputFile, type Plugin } from 'esbuild';
import { keepPackagesOutside } from './packages-outside.ts';
import { ROOT } from './root.ts';

export interface BundleOptions {
  outdir: string;
  sourcemap: boolean;
  plugins?: readonly Plugin[];
}

/** Files that are not written yet, and which file came from what. */
export interface Bundle {
  outputFiles: readonly OutputFile[];
  metafile: Metafile;
}

/**
 * Bundles first-party code of a process to {main,telemetry}.js and the parts they share: instrumentation works only on packages that stay outside, and state of
 * the preload must be that of the program.
 */
export async function bundleProcess(name: string, { outdir, sourcemap, plugins = [] }: BundleOptions): Promise<Bundle> {
  return build({
    absWorkingDir: ROOT,
    entryPoints: ['main', 'telemetry'].map((entry) => join(ROOT, 'services', name, 'src', `${entry}.ts`)),
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    chunkNames: 'parts/[name]-[hash]',
    legalComments: 'none',
    plugins: [...plugins, keepPackagesOutside],
    metafile: true,
    write: false,
    logLevel: 'silent',
    ...(sourcemap && { sourcemap: 'linked' }),
  });
}
