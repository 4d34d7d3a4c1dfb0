// node scripts/build-images.ts [--tag=dev] [--adapters=all] [process …]: an image for each process, all unless told, with what each weighs above its base.
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { dockerAnswers } from '../lab/src/containers/docker.ts';
import { buildImage } from './build/build-image.ts';
import { processesNamed } from './build/processes.ts';
import { ROOT } from './build/root.ts';

const BYTES_PER_MB = 1_000_000;

async function currentCommit(): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: ROOT }).catch(() => ({ stdout: '' }));
  return stdout.trim();
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { tag: { type: 'string', default: 'dev' }, adapters: { type: 'string', default: '' } } });
try {
  const names = processesNamed(positionals);
  if (!(await dockerAnswers())) throw new Error('no container engine answers: start Docker');
  const revision = await currentCommit();
  for (const name of names) {
    const began = performance.now();
    const { reference, bytesAboveBase } = await buildImage(name, { ...values, revision });
    process.stdout.write(`${reference.padEnd(34)} ${(bytesAboveBase / BYTES_PER_MB).toFixed(1).padStart(5)} MB above its base, built in ${((performance.now() - began) / 1_000).toFixed(1)} s\n`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
