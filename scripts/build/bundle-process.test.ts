import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { bundleProcess, type Bundle } from './bundle-process.ts';
import { packageFolderOf, readPackage } from './installed-package.ts';
import { packagesOfBundle } from './packages-of-bundle.ts';
import { ROOT } from './root.ts';
import { thirdPartyLicenses } from './third-party-licenses.ts';

/** On a busy machine a bundle takes half a minute. */
const BUNDLING_MS = 120_000;
/** They name their folder in code that no process of ours comes to: worker threads of pino, friendly stacks of ioredis, services of gRPC about itself; undici only if it is there. */
const NAME_THEIR_FOLDER = ['@grpc/grpc-js', 'ioredis', 'pino', 'thread-stream', 'undici'];

let monolith: Bundle;
beforeAll(async () => { monolith = await bundleProcess('monolith', { outdir: '/out', sourcemap: true }); }, BUNDLING_MS);

function filesOfPackages(): string[] {
  const files = Object.values(monolith.metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  return [...new Set(files)].filter((path) => path.includes('node_modules/')).map((path) => join(ROOT, path));
}

test('beside the monolith are only packages that are native or read as files', () => {
  expect(packagesOfBundle(monolith.metafile).beside.toSorted()).toEqual(['@node-rs/argon2', 'swagger-ui-dist']);
});

test('a version of a package is bundled once', () => {
  const versions = packagesOfBundle(monolith.metafile).inside.map(readPackage).map(({ name, version }) => `${name}@${version}`);
  expect(versions.length).toBeGreaterThan(100);
  expect(versions).toEqual([...new Set(versions)]);
});

test('what the entry loads is without the parts that are loaded when they are needed', () => {
  const outputs = monolith.metafile.outputs;
  const atStart = new Set<string>(Object.keys(outputs).filter((path) => path.endsWith('/main.js')));
  for (const path of atStart) for (const { path: next, kind } of outputs[path]?.imports ?? []) if (kind === 'import-statement' && next in outputs) atStart.add(next);
  const files = [...atStart].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
  for (const late of ['@opentelemetry/sdk-node', 'pg-boss', 'kafkajs', 'amqplib', 'ioredis', 'nodemailer']) expect(files.filter((path) => path.startsWith(`node_modules/${late}/`)), late).toEqual([]);
  expect(files.some((path) => path.startsWith('node_modules/express/'))).toBe(true);
});

test('no further package names the folder that it is installed in', () => {
  const named = filesOfPackages().filter((path) => /\b__(dirname|filename)\b/.test(readFileSync(path, 'utf8')));
  expect([...new Set(named.map((path) => readPackage(packageFolderOf(path) ?? '').name))].sort()).toEqual(NAME_THEIR_FOLDER);
});

test('each package is named with its licence', () => {
  const { inside } = packagesOfBundle(monolith.metafile);
  const text = thirdPartyLicenses(inside);
  for (const folder of inside) expect(text, relative(ROOT, folder)).toContain(`${readPackage(folder).name} ${readPackage(folder).version} (`);
  expect(text).toContain('Permission is hereby granted');
});
