import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { commonJsLoadedLate } from './commonjs-loaded-late.ts';
import { mapOfOwnCode } from './map-of-own-code.ts';
import { oneCopyOfEachPackage } from './one-copy-of-each-package.ts';
import { NATIVE_PACKAGES } from './packages-of-bundle.ts';
import { ROOT } from './root.ts';

export interface BundleOptions {
  outdir: string;
  sourcemap: boolean;
  plugins?: readonly Plugin[];
}

/** Files that are not written yet, and which file came from what. */
export interface Bundle {
  outputFiles: readonly BundleFile[];
  metafile: Metafile;
}

export interface BundleFile {
  path: string;
  text: string;
}

/** Packages in CommonJS ask for Node's own modules by `require`, which a module does not have. */
const REQUIRE = `import { createRequire as createRequireHere } from 'node:module';\nconst require = createRequireHere(import.meta.url);`;
/** Keeps the position in a stack trace near what it means. */
const LONGEST_LINE = 160;

/** Bundles a process with its packages to main.js and the parts that it loads when they are needed. Names stay, for stack traces; blanks and comments go. Throws for what would not work in a bundle. */
export async function bundleProcess(name: string, { outdir, sourcemap, plugins = [] }: BundleOptions): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, 'services', name, 'src', 'main.ts')],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // As Node resolves packages, without esbuild's own condition `module`.
    conditions: [],
    external: [...NATIVE_PACKAGES],
    banner: { js: REQUIRE },
    chunkNames: 'parts/[name]-[hash]',
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: LONGEST_LINE,
    legalComments: 'none',
    plugins: [...plugins, oneCopyOfEachPackage],
    metafile: true,
    write: false,
    logLevel: 'silent',
    ...(sourcemap && { sourcemap: 'linked', sourcesContent: false }),
  });
  const wrong = commonJsLoadedLate(metafile);
  if (wrong.length > 0) throw new Error(`import these packages at the top of a file, and load that file when it is needed: ${wrong.join(', ')}`);
  return { metafile, outputFiles: outputFiles.map(({ path, text }) => ({ path, text: path.endsWith('.map') ? mapOfOwnCode(text) : text })) };
}
