import { join } from 'node:path';
import { docker } from '../../lab/src/containers/docker.ts';
import { readEnvironment } from '../../lab/src/environment.ts';
import type { ProcessName } from './processes.ts';
import { ROOT } from './root.ts';

const DOCKERFILE = join(ROOT, 'deploy/docker/Dockerfile');
const FIRST_STEP = 'WORKDIR /app';

export interface ImageOptions {
  tag: string;
  /** As `ADAPTERS` in the Dockerfile. */
  adapters?: string;
  /** The commit it is built from. */
  revision?: string;
}

/** For another kind of machine than this one, up to a stage that runs on this one. */
export interface StageOptions {
  tag: string;
  stage: string;
  platform: string;
}

export interface Image {
  /** Name and tag. */
  reference: string;
  bytesAboveBase: number;
}

/** Builds the image of a process with the local container engine. */
export async function buildImage(process: ProcessName, { tag, adapters = '', revision = '' }: ImageOptions): Promise<Image> {
  const reference = await build(process, { tag, args: { ADAPTERS: adapters, REVISION: revision } });
  return { reference, bytesAboveBase: await bytesAboveBase(reference) };
}

/** Builds one stage of an image; answers its name and tag. */
export function buildStage(process: ProcessName, { tag, stage, platform }: StageOptions): Promise<string> {
  return build(process, { tag, args: {}, options: [`--platform=${platform}`, `--target=${stage}`] });
}

interface Build {
  tag: string;
  args: Readonly<Record<string, string>>;
  options?: readonly string[];
}

async function build(process: ProcessName, { tag, args, options = [] }: Build): Promise<string> {
  const reference = `doubleshot/${process}:${tag}`;
  const buildArgs = Object.entries({ SERVICE: process, ...args }).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  // Who trusts further certificates on this machine does so in the build.
  const { NODE_EXTRA_CA_CERTS: certificates = '' } = readEnvironment();
  const secrets = certificates === '' ? [] : ['--secret', `id=extra_ca,src=${certificates}`];
  await docker(['build', '--quiet', '--file', DOCKERFILE, '--tag', reference, ...buildArgs, ...options, ...secrets, ROOT], { env: { DOCKER_BUILDKIT: '1' } });
  return reference;
}

/** By the history of the image: the base itself may not be among the images of the engine. */
async function bytesAboveBase(reference: string): Promise<number> {
  const lines = (await docker(['history', '--no-trunc', '--human=false', '--format', '{{.Size}} {{.CreatedBy}}', reference])).trim().split('\n');
  const first = lines.findIndex((line) => line.includes(FIRST_STEP));
  if (first < 0) throw new Error(`${reference} has no step "${FIRST_STEP}"`);
  return lines.slice(0, first + 1).reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
}
