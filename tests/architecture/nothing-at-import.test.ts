import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(import.meta.dirname, 'report-imports.ts');
const ENDS_WITHIN_MS = 20_000;

/** Every package root and subpath that another package may import. */
function packageExports(): string[] {
  return globSync('{libs,services}/*/package.json', { cwd: ROOT }).flatMap((path) => {
    const { name, exports = {} } = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as { name: string; exports?: Record<string, string> };
    return Object.keys(exports).map((subpath) => name + subpath.slice(1));
  });
}

interface Report {
  /** By module: what it left behind. */
  left: Record<string, string[]>;
  endedByItself: boolean;
}

/** Imports modules in a process of their own, which has nothing else to do. */
function importInChild(specifiers: readonly string[], timeoutMs = ENDS_WITHIN_MS): Promise<Report> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [PROGRAM, ...specifiers], { cwd: ROOT, timeout: timeoutMs, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(`nothing was reported: ${stderr}`));
      else resolve({ left: JSON.parse(stdout) as Report['left'], endedByItself: error === null });
    });
  });
}

test('when every export of every package is imported, then none holds the process or listens to its end, and it ends by itself', async () => {
  const specifiers = packageExports();
  expect(specifiers).toEqual(expect.arrayContaining(['@doubleshot/contracts', '@doubleshot/shared/messaging', '@doubleshot/orders']));
  expect(specifiers.length).toBeGreaterThan(14);
  expect(await importInChild(specifiers)).toEqual({ left: Object.fromEntries(specifiers.map((specifier) => [specifier, []])), endedByItself: true });
});

test('when a module starts a timer, opens a port or listens to a signal at import, then it is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'doubleshot-imports-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const probe = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return pathToFileURL(join(folder, name)).href;
  };
  const quiet = await probe('quiet.mjs', 'export const one = 1;');
  const timer = await probe('timer.mjs', 'setInterval(() => undefined, 1000);');
  const port = await probe('port.mjs', `import net from 'node:net';\nawait new Promise((resolve) => net.createServer().listen(0, '127.0.0.1', resolve));`);
  const signal = await probe('signal.mjs', `process.on('SIGTERM', () => undefined);`);
  const { left, endedByItself } = await importInChild([quiet, timer, port, signal], 3_000);
  expect(left).toEqual({ [quiet]: [], [timer]: ['Timeout'], [port]: ['TCPServerWrap'], [signal]: expect.arrayContaining(['SIGTERM']) });
  expect(endedByItself).toBe(false);
});
