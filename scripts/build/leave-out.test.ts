import type { Need } from '@doubleshot/shared/runtime';
import { expect, test } from 'vitest';
import { bundleProcess } from './bundle-process.ts';
import { readPackage } from './installed-package.ts';
import { adaptersOf, leaveOut, type Adapter } from './leave-out.ts';
import { needsOf } from './needs-of.ts';
import { packagesOfBundle } from './packages-of-bundle.ts';
import { processesNamed, type ProcessName } from './processes.ts';

const DRIVERS = ['pg', 'pg-boss', 'kafkajs', 'amqplib', 'ioredis', 'nodemailer'];
/** On a busy machine a bundle takes half a minute. */
const SLOW = { timeout: 300_000 };

async function bundle(name: ProcessName, wanted: { adapters: readonly Adapter[]; needs?: ReadonlySet<Need> }): Promise<{ drivers: string[]; text: string }> {
  const plugins = [leaveOut({ needs: needsOf(name), ...wanted })];
  const { outputFiles, metafile } = await bundleProcess(name, { outdir: '/out', sourcemap: false, plugins });
  const packages = new Set(packagesOfBundle(metafile).inside.map((folder) => readPackage(folder).name));
  return { drivers: DRIVERS.filter((driver) => packages.has(driver)), text: outputFiles.map((file) => file.text).join('\n') };
}

test('a process is bundled without the drivers that its modules do not need', SLOW, async () => {
  expect((await bundle('gateway', { adapters: adaptersOf('all', 'gateway') })).drivers).toEqual([]);
  expect((await bundle('auth', { adapters: ['postgres', 'redis'] })).drivers).toEqual(['pg', 'pg-boss']);
  expect((await bundle('orders', { adapters: ['postgres', 'redis'] })).drivers).toEqual(['pg', 'pg-boss', 'ioredis']);
  expect((await bundle('notifications', { adapters: [] })).drivers).toEqual(['pg', 'nodemailer']);
});

test('what is left out says so when it is asked for', SLOW, async () => {
  const { drivers, text } = await bundle('monolith', { adapters: ['postgres'] });
  expect(drivers).toEqual(['pg', 'pg-boss', 'nodemailer']);
  expect(text).toContain('this image was built without redis');
});

test('adapters are a comma list, all of them, or what a process is usually run with', () => {
  expect(adaptersOf('redis, postgres', 'monolith')).toEqual(['redis', 'postgres']);
  expect(adaptersOf('', 'monolith')).toEqual(['postgres', 'redis']);
  expect(adaptersOf('', 'orders')).toEqual(adaptersOf('all', 'orders'));
  expect(() => adaptersOf('nats', 'orders')).toThrow('there is no adapter "nats"');
});

test('a process that does not exist is named', () => {
  expect(processesNamed([]).length).toBe(5);
  expect(() => processesNamed(['kitchen'])).toThrow('there is no process "kitchen"');
});
