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
 * Bundles first-party code of a process to main.js and the parts that it loads when they are needed; packages stay outside.
 */
export async function bundleProcess(name: string, { outdir, sourcemap, plugins = [] }: BundleOptions): Promise<Bundle> {
  return build({
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, 'services', name, 'src', 'main.ts')],
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
