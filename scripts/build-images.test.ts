import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('when no container engine answers, then building images says so in a sentence', { timeout: 30_000 }, () => {
  const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'build-images.ts')], { env: { PATH: '/nowhere' }, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 1, stderr: 'no container engine answers: start Docker\n' });
});
