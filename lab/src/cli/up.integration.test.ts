import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
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

async function pidOfNobody(): Promise<number> {
  const child = spawn(process.execPath, ['--eval', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
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

describe('up, twice at once', () => {
  const env = { TOPOLOGY: 'monolith', BREW_TIME_SCALE: '0', MONO_PORT: '' };
  const supervisor = async (): Promise<number> => (JSON.parse(await readFile(clone.stateFile, 'utf8')) as { pid: number }).pid;

  test('when two begin together, then one waits for the other and says that the shop is up, which it is', { timeout: 120_000 }, async () => {
    env.MONO_PORT = String(await freePort());
    const [first, second] = (await Promise.all([clone.run(['up'], env), clone.run(['up'], env)])).sort((a, b) => Number(a.code) - Number(b.code));
    expect(first).toMatchObject({ code: 0, errors: '' });
    expect(second).toEqual({ code: 1, output: expect.stringMatching(/^waiting for another `up` \(its lock: .*\)\n$/), errors: expect.stringMatching(/^doubleshot: the shop is up already \(monolith at .*\): stop it with `make down` first\n$/) });
    expect(await statusOf(env.MONO_PORT)).toBe(200);
  });

  test('when the supervisor does not answer, then every command says so and touches nothing', { timeout: 60_000 }, async () => {
    const pid = await supervisor();
    process.kill(pid, 'SIGSTOP');
    onTestFinished(() => { process.kill(pid, 'SIGCONT'); });
    const ends = await Promise.all(['up', 'down', 'status'].map((command) => clone.run([command], env)));
    for (const { code, errors } of ends) expect({ code, errors }).toEqual({ code: 1, errors: expect.stringMatching(new RegExp(`^doubleshot: the supervisor of the shop \\(process ${pid}\\) does not answer: .*\n$`)) });
    expect({ pid: await supervisor(), menu: await statusOf(env.MONO_PORT) }).toEqual({ pid, menu: 200 });
  });

  test('when it answers again, then down stops the shop, and nothing is left', { timeout: 60_000 }, async () => {
    expect(await clone.run(['down'])).toMatchObject({ code: 0, output: expect.stringMatching(/^Stopped\./) });
    expect({ leftovers: await clone.leftovers(), state: existsSync(clone.stateFile) }).toEqual({ leftovers: [], state: false });
  });
});

describe('after a supervisor that died', () => {
  async function leaveState(pid: number, port: number): Promise<void> {
    const state = { pid, startedAt: new Date().toISOString(), control: { url: `http://127.0.0.1:${port}`, token: 'x' }, shops: [], staff: { email: 'ada@doubleshot.example', password: 'correct horse' }, logFolder: '' };
    await writeFile(clone.stateFile, JSON.stringify(state));
  }
  const cleanedUp = { code: 0, output: 'The supervisor had died; what it left behind is gone now.\n', errors: '' };

  test('when nobody listens at its port, though another process has its pid, then down cleans up', async () => {
    await leaveState(process.pid, await freePort());
    expect(await clone.run(['down'])).toEqual(cleanedUp);
    expect(existsSync(clone.stateFile)).toBe(false);
  });

  test('when another program answers at its port, but no process has its pid, then down cleans up', async () => {
    const other = createHttpServer((_request, response) => response.writeHead(404).end());
    onTestFinished(() => { other.close(); });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    await leaveState(await pidOfNobody(), (other.address() as AddressInfo).port);
    expect(await clone.run(['down'])).toEqual(cleanedUp);
    expect(existsSync(clone.stateFile)).toBe(false);
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
