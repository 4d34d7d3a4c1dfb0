import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../backends/free-port.ts';
import { createOwnClone, type OwnClone, type RunningCommand } from '../testing/own-clone.ts';

let clone: OwnClone;
beforeAll(async () => { clone = await createOwnClone(); });
afterAll(async () => {
  await clone.run(['down']);
  await clone.remove();
});

/** Interrupts a command, as Ctrl-C does, once it has printed something. */
async function interruptAfter(command: RunningCommand, text: string): Promise<void> {
  await expect.poll(command.output, { timeout: 30_000 }).toContain(text);
  command.child.kill('SIGINT');
}

async function statusOf(port: string): Promise<number | string> {
  return fetch(`http://127.0.0.1:${port}/api/v1/menu`).then(({ status }) => status, () => 'refused');
}

describe('both brews, from up to down', () => {
  const ports = { MONO_PORT: '', MICRO_PORT: '' };
  const env = { TOPOLOGY: 'both', BREW_TIME_SCALE: '0', STAFF_EMAIL: 'ada@doubleshot.example', STAFF_PASSWORD: 'correct horse' };

  test('when both come up, then up returns once they answer, and says where, as whom and how to stop', { timeout: 120_000 }, async () => {
    for (const name of ['MONO_PORT', 'MICRO_PORT'] as const) ports[name] = String(await freePort());
    const { code, output, errors } = await clone.run(['up'], { ...env, ...ports });
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toContain(`monolith        http://localhost:${ports.MONO_PORT} `);
    expect(output).toContain(`microservices   http://localhost:${ports.MICRO_PORT} `);
    expect(output).toMatch(/staff +ada@doubleshot\.example +password: correct horse\n/);
    expect(output).toContain('Stop: make down');
    expect([await statusOf(ports.MONO_PORT), await statusOf(ports.MICRO_PORT)]).toEqual([200, 200]);
  });

  test('when the status is asked for, then every process is named, with its readiness', async () => {
    const { code, output } = await clone.run(['status']);
    expect(code).toBe(0);
    expect(output).toMatch(/^monolith: monolith ready\nmicroservices: gateway ready, auth ready, orders ready, notifications ready\n/);
  });

  test('when it is brought up again, then one sentence says that it is up, and nothing changes', async () => {
    const { code, errors } = await clone.run(['up'], ports);
    expect({ code, errors }).toEqual({ code: 1, errors: expect.stringMatching(/^doubleshot: the shop is up already \(monolith at .*\): stop it with `make down` first\n$/) });
    expect(await statusOf(ports.MONO_PORT)).toBe(200);
  });

  test('when parked messages are replayed, then every process that reads the source answers; a source that none reads is refused', async () => {
    const known = await clone.run(['replay', 'notifications.email']);
    expect(known).toMatchObject({ code: 0, errors: '' });
    expect(known.output.trim().split('\n')).toEqual(expect.arrayContaining(['monolith, monolith: {"replayed":0}', 'microservices, notifications: {"replayed":0}']));
    expect(await clone.run(['replay', 'tea.v1'])).toEqual({ code: 1, output: '', errors: 'doubleshot: no process that is up reads "tea.v1"\n' });
  });

  test('when it is brought down, then nothing runs, listens or is written down any more', async () => {
    const { code, output } = await clone.run(['down']);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^Stopped\./) });
    expect([await statusOf(ports.MONO_PORT), await statusOf(ports.MICRO_PORT), existsSync(clone.stateFile)]).toEqual(['refused', 'refused', false]);
    expect(await clone.leftovers()).toEqual([]);
  });

  test('when nothing is up, then status and down say so, and replay fails', async () => {
    expect(await Promise.all([clone.run(['status']), clone.run(['down']), clone.run(['replay', 'orders.v1'])])).toEqual([
      { code: 0, output: 'Nothing is up.\n', errors: '' },
      { code: 0, output: 'Nothing is up.\n', errors: '' },
      { code: 1, output: '', errors: 'doubleshot: nothing is up: start the shop with `make up`\n' },
    ]);
  });
});

test('when the port is taken, then one sentence says which and by which variable, and nothing is left', async () => {
  const server = createServer();
  onTestFinished(() => { server.close(); });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { code, errors } = await clone.run(['up'], { TOPOLOGY: 'monolith', MONO_PORT: String(port) });
  expect({ code, errors }).toEqual({ code: 1, errors: `doubleshot: port ${port} is already in use (MONO_PORT)\n` });
  expect({ leftovers: await clone.leftovers(), state: existsSync(clone.stateFile) }).toEqual({ leftovers: [], state: false });
});

test('when the topology is unknown, then one sentence says so, and nothing is started', async () => {
  const { code, errors } = await clone.run(['up'], { TOPOLOGY: 'macro' });
  expect({ code, lines: errors.trim().split('\n') }).toEqual({ code: 2, lines: [expect.stringMatching(/^doubleshot: unknown topology "macro": /)] });
  expect({ leftovers: await clone.leftovers(), state: existsSync(clone.stateFile) }).toEqual({ leftovers: [], state: false });
});

test('when up is interrupted while it starts, then nothing is left, the state with the password of the staff neither', async () => {
  const command = clone.start(['up'], { TOPOLOGY: 'monolith', MONO_PORT: String(await freePort()) });
  await interruptAfter(command, 'starting monolith');
  expect(await command.end).toMatchObject({ code: 130 });
  expect({ leftovers: await clone.leftovers(), state: existsSync(clone.stateFile) }).toEqual({ leftovers: [], state: false });
});

test('when the demo is interrupted after it has started something, then it ends with 130 and nothing is left', async () => {
  const command = clone.start(['demo']);
  await interruptAfter(command, 'starting monolith');
  expect(await clone.leftovers()).not.toEqual([]);
  expect(await command.end).toMatchObject({ code: 130 });
  expect(await clone.leftovers()).toEqual([]);
});
