import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { demandOf } from '../../deploy/k8s/demand.ts';
import { cpuMillis, mebibytes } from '../../deploy/k8s/quantity.ts';
import { rendering } from './renderings.ts';
import { workloadsOf } from './workloads.ts';

describe('both brews with their engines', () => {
  test('fit into 3 GiB of memory, and 10 pods for each brew besides the engines', async () => {
    const objects = await rendering('kind');
    const demand = demandOf(objects);
    expect(demand.memoryLimitMiB).toBeLessThanOrEqual(3 * 1_024);
    expect(demand.memoryRequestMiB).toBeLessThan(demand.memoryLimitMiB);
    for (const namespace of ['doubleshot-mono', 'doubleshot-micro']) {
      const pods = demandOf(objects.filter(({ metadata }) => metadata.namespace === namespace)).pods;
      expect([namespace, pods >= 1 && pods <= 10]).toEqual([namespace, true]);
    }
  });

  test('are the sum of their workloads', async () => {
    const objects = await rendering('kind');
    const { pods, jobs } = demandOf(objects);
    expect([pods, jobs]).toEqual([10, 4]);
    expect(workloadsOf(objects)).toHaveLength(pods + jobs);
  });
});

test('replicas count, those of an autoscaler as few as there may be, and so do volumes and the largest of init containers', async () => {
  const [kind, replicated, scaling, elk] = await Promise.all((['kind', 'kind with three brokers', 'kind that scales', 'kind with elk'] as const).map(async (name) => demandOf(await rendering(name))));
  expect([replicated!.pods, replicated!.volumesMiB]).toEqual([kind!.pods + 2, kind!.volumesMiB + 2 * 2_048]);
  expect(scaling!.pods).toBe(kind!.pods + 5);
  // Filebeat has an init container that is smaller than itself.
  expect(elk!.memoryLimitMiB - kind!.memoryLimitMiB).toBe(1_024 + 768 + 1_024 + 128);
});

test.each([
  ['components/tracing', 'kind with tracing', 'kind'],
  ['components/metrics', 'kind with metrics', 'kind'],
  ['components/elk', 'kind with elk', 'kind'],
  ['components/kafka-ha', 'kind with three brokers', 'kind'],
  ['components/autoscaling', 'kind that scales', 'kind'],
  ['.', 'kind', undefined],
  ['.', 'monolith', undefined],
  ['.', 'microservices', undefined],
  ['.', 'observability', undefined],
] as const)('the README of %s says how much memory it takes (%s)', async (folder, name, beyond) => {
  const limit = demandOf(await rendering(name)).memoryLimitMiB - (beyond === undefined ? 0 : demandOf(await rendering(beyond)).memoryLimitMiB);
  const text = readFileSync(join(import.meta.dirname, '../../deploy/k8s', folder, 'README.md'), 'utf8');
  expect(folder === '.' ? text.split('\n').filter((line) => line.startsWith(`| \`${name}\` |`)).join() : text).toContain(`${limit} MiB`);
});

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/kubernetes.md'), 'utf8');

test('the guide says what the overlay kind asks for, and its README what a Job does', async () => {
  const objects = await rendering('kind');
  const { pods, jobs, cpuRequestMillis, memoryRequestMiB, memoryLimitMiB, jobMemoryLimitMiB, volumesMiB } = demandOf(objects);
  expect(GUIDE).toContain(`from the manifests: ${pods} pods, requests of ${cpuRequestMillis}m CPU and ${memoryRequestMiB} MiB, limits of ${memoryLimitMiB} MiB (${jobMemoryLimitMiB} MiB more for the Jobs until they end), volumes of ${volumesMiB} MiB`);
  expect(readFileSync(join(import.meta.dirname, '../../deploy/k8s/README.md'), 'utf8')).toContain(`a limit of ${jobMemoryLimitMiB / jobs} MiB`);
});

describe('the machine that the guide asks for', () => {
  const [, ...figures] = /(\d+) CPUs and (\d+) GiB of memory for both brews, (\d+) CPUs and (\d+) GiB with every layer[^]*?request (\d+)m CPU and (\d+) MiB/.exec(GUIDE) ?? [];
  const [cpus, gibibytes, cpusOfAll, gibibytesOfAll, clusterMillis, clusterMiB] = figures.map(Number);

  test.each([
    ['both brews', 'kind', cpus, gibibytes],
    ['every layer', 'everything', cpusOfAll, gibibytesOfAll],
  ] as const)('has room for %s and the cluster itself, and for a second replica of every process while they are replaced', async (_, name, processors, memoryGiB) => {
    const objects = await rendering(name);
    const surging = demandOf(objects.filter((object) => object.kind === 'Deployment' && workloadsOf([object])[0]!.isProcess));
    const all = demandOf(objects);
    expect(all.cpuRequestMillis + surging.cpuRequestMillis + clusterMillis!).toBeLessThanOrEqual(1_000 * processors!);
    expect(all.memoryLimitMiB + surging.memoryRequestMiB + clusterMiB!).toBeLessThanOrEqual(1_024 * memoryGiB!);
  });
});

test('quantities are read as Kubernetes writes them, and no others', () => {
  expect(['250m', '1', '0.5'].map(cpuMillis)).toEqual([250, 1_000, 500]);
  expect(['512Ki', '64Mi', '1Gi'].map(mebibytes)).toEqual([0.5, 64, 1_024]);
  for (const wrong of ['1 core', '', 'm']) expect(() => cpuMillis(wrong)).toThrow('is no amount of CPU');
  for (const wrong of ['64', '64MB', '64mi']) expect(() => mebibytes(wrong)).toThrow('is no amount of memory');
});

test.each([['combine.ts', 'kind'], ['plan.ts']])('when whoever reads what %s prints has read enough, then it ends well and in silence', async (script, ...args) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../deploy/k8s', script), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  child.stdout.destroy();
  expect([await once(child, 'close'), complaint]).toEqual([[0, null], '']);
});
