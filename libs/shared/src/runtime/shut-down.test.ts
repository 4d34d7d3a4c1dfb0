import { setTimeout as sleep } from 'node:timers/promises';
import type { ModuleName } from '@doubleshot/contracts';
import { expect, test } from 'vitest';
import type { HttpServer } from '../http/http-server.ts';
import { createSilentLogger } from '../logging/logger.ts';
import type { Backends } from './backends.ts';
import type { ServiceModule } from './module.ts';
import { shutDown, type ShutdownParts } from './shut-down.ts';

function recordingParts(steps: string[]): ShutdownParts {
  const record = (step: string) => async () => {
    await sleep(1);
    steps.push(step);
  };
  const moduleOf = (name: ModuleName): ServiceModule => ({
    name,
    router: (_request, _response, next) => { next(); },
    start: () => Promise.resolve(),
    ready: () => Promise.resolve(),
    drain: () => void steps.push(`drain ${name}`),
    close: record(`close ${name}`),
  });
  const server = (name: string): HttpServer => ({ port: 0, start: () => Promise.resolve(), stopAccepting: () => void steps.push(`stop ${name}`), close: record(`close ${name}`) });
  return {
    readiness: { hold: (reason) => void steps.push(reason ?? ''), add: () => undefined, faults: () => Promise.resolve({}) },
    logger: createSilentLogger(),
    stop: () => undefined,
    backends: { database: { close: record('close database') }, eventLog: { close: record('close event log') } } as unknown as Backends,
    modules: [moduleOf('notifications'), moduleOf('orders')],
    http: server('http'),
    ops: server('ops'),
  };
}

test('a process ends in order', async () => {
  const steps: string[] = [];
  expect(await shutDown(recordingParts(steps), 5_000)).toBe(true);
  expect(steps).toEqual([
    'shutting down',
    'stop http',
    'drain notifications',
    'drain orders',
    'close http',
    'close orders',
    'close notifications',
    'close event log',
    'close database',
    'close ops',
  ]);
});

test('a step that fails does not keep the others from being done', async () => {
  const steps: string[] = [];
  const parts = recordingParts(steps);
  const [notifications] = parts.modules;
  const orders = { ...parts.modules[1], close: () => Promise.reject(new Error('broken')) } as ServiceModule;
  expect(await shutDown({ ...parts, modules: [notifications as ServiceModule, orders] }, 5_000)).toBe(false);
  expect(steps).toContain('close notifications');
  expect(steps.at(-1)).toBe('close ops');
});

test('at the deadline it gives up waiting', async () => {
  const parts = recordingParts([]);
  const orders = { ...parts.modules[1], close: () => new Promise<void>(() => undefined) } as ServiceModule;
  const startedMs = performance.now();
  expect(await shutDown({ ...parts, modules: [orders] }, 100)).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(4_000);
});

test('what never came to be is not closed', async () => {
  const { readiness, logger, stop } = recordingParts([]);
  expect(await shutDown({ readiness, logger, stop, backends: {}, modules: [] }, 1_000)).toBe(true);
});
