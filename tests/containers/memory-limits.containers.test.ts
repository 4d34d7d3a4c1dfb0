import { expect, onTestFinished, test } from 'vitest';
import { docker } from '../../lab/src/containers/docker.ts';
import { endedContainers } from '../../lab/src/containers/ended-containers.ts';

const PROJECT = `doubleshot-memory-${process.pid}`;
const LOOKS = { timeout: 60_000, interval: 250 };

async function start(name: string, program: string): Promise<void> {
  const container = `${PROJECT}-${name}`;
  const how = ['--detach', '--name', container, `--label=com.docker.compose.project=${PROJECT}`, '--network=none', '--memory=64m', '--memory-swap=64m', '--restart=unless-stopped'];
  onTestFinished(async () => { await docker(['rm', '--force', container]); });
  await docker(['run', ...how, 'node:24-trixie-slim', 'node', '-e', program]);
}

test('a container that takes more memory than it may is found, one that stays within is not', async () => {
  await start('modest', 'setInterval(() => {}, 1000)');
  expect(await endedContainers(PROJECT)).toEqual([]);
  await start('greedy', 'const taken = []; for (;;) taken.push(Buffer.alloc(1e6, 1))');
  await expect.poll(() => endedContainers(PROJECT), LOOKS).toEqual([expect.stringMatching(new RegExp(`^${PROJECT}-greedy was (killed for want of memory|started again)`))]);
});
